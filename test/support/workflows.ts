/** One execution of a state machine from a definition in test/fixtures/asl, or from a value. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import { type MessagingScenario, messaging } from './messaging.ts'
import { NO_FILES, type RunOptions, type RunView, run } from './run.ts'

const DEFINITIONS = fileURLToPath(new URL('../fixtures/asl/', import.meta.url))

export const DEFINITION_FILES: ScenarioFiles = {
  ...NO_FILES,
  readText: (path) => Promise.resolve(readFileSync(`${DEFINITIONS}${path}`, 'utf8')),
}

/** Functions that the definitions call, each of 100 ms. */
const FUNCTIONS = [
  'process',
  'handle-public',
  'handle-zero',
  'handle-twenties',
  'flaky',
  'create-account',
  'suggest',
  'submit-job',
  'check-job',
  'send-approval',
  'address-finder',
  'phone-finder',
  'ship-val',
  'book-hotel',
  'book-flight',
  'book-rental',
  'cancel',
  'seed',
  'charge',
]

/** A scenario with one execution of `machine`, at half a second; `others` are more sections. */
export function workflow(machine: object, others: MessagingScenario = {}): object {
  const { functions = {}, stateMachines = {}, ...sections } = others
  const defaults = Object.fromEntries(FUNCTIONS.map((name) => [name, {}]))
  return messaging({
    queues: { callbacks: {} },
    topics: { welcome: {} },
    buses: { shop: {} },
    tables: { messages: {} },
    traffic: { start: { to: 'machine' } },
    ...sections,
    functions: { ...defaults, ...functions },
    stateMachines: { machine, ...(stateMachines as object) },
  })
}

export function runWorkflow(
  machine: object,
  others: MessagingScenario = {},
  options: RunOptions = {},
): Promise<RunView> {
  return run(workflow(machine, others), { files: DEFINITION_FILES, ...options })
}
