/** Definitions of AWS's documented patterns run unchanged; only data is stated beside them. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { runWorkflow } from '../../support/workflows.ts'

interface Row {
  readonly name: string
  readonly machine?: object
  readonly others?: object
  readonly outcome?: string
  /** Time of the execution, ms. */
  readonly takesMs: number
  readonly transitions: number
  readonly calls?: Readonly<Record<string, number>>
}

const CHILD = { child: { definition: 'child.asl.json' } }

const ROWS: readonly Row[] = [
  { name: 'hello-world', takesMs: 0, transitions: 2 },
  {
    name: 'choice-by-number',
    machine: { input: { type: 'Private', value: 22 } },
    takesMs: 100,
    transitions: 3,
    calls: { 'handle-twenties': 1 },
  },
  {
    name: 'retry-several',
    // 1 s + 2 s by the first retrier, then the last one waits 10 s, then it is caught.
    machine: { errors: { Call: 'ErrorA' } },
    others: { functions: { flaky: { handler: { duration: '100ms', errorRate: '100%' } } } },
    takesMs: 3_300,
    transitions: 4,
    calls: { flaky: 3 },
  },
  {
    name: 'catch-custom-errors',
    machine: { errors: { CreateAccount: 'AccountAlreadyExistsError' } },
    others: {
      functions: { 'create-account': { handler: { duration: '100ms', errorRate: '100%' } } },
    },
    takesMs: 200,
    transitions: 2,
    calls: { 'create-account': 1, suggest: 1 },
  },
  {
    name: 'job-poller',
    machine: {
      input: { wait_time: 20 },
      choices: { 'Job Complete?': { 'Get Final Job Status': '100%' } },
    },
    takesMs: 20_300,
    transitions: 5,
    calls: { 'submit-job': 1, 'check-job': 2 },
  },
  {
    name: 'task-timer',
    machine: {
      input: { dueDate: '2026-03-02T00:00:30Z', message: 'hello' },
      definitionSubstitutions: { SNSTopic: 'welcome' },
    },
    takesMs: 29_500,
    transitions: 2,
  },
  {
    name: 'callback-token',
    machine: { durations: { 'Start Task And Wait For Callback': '40m' } },
    takesMs: 2_400_000,
    transitions: 2,
  },
  {
    name: 'human-approval',
    machine: {
      durations: { 'Lambda Callback': '10m' },
      choices: { ManualApprovalChoiceState: { ApprovedPassState: '100%' } },
    },
    takesMs: 600_100,
    transitions: 3,
    calls: { 'send-approval': 1 },
  },
  {
    name: 'parallel-lookup',
    takesMs: 2_000,
    transitions: 6,
    calls: { 'address-finder': 1, 'phone-finder': 1 },
  },
  {
    name: 'map-validate-items',
    machine: {
      input: {
        detail: {
          'delivery-partner': 'UQS',
          shipped: [{ fragile: false }, { fragile: true }, { fragile: false }, { fragile: false }],
        },
      },
    },
    // Two at once: the fragile one holds one place for 5.1 s.
    takesMs: 5_100,
    transitions: 10,
    calls: { 'ship-val': 4 },
  },
  {
    name: 'map-legacy-iterator',
    machine: { items: { ProcessAllItems: 100 } },
    // An inline Map runs 40 at once.
    takesMs: 300,
    transitions: 101,
    calls: { process: 100 },
  },
  {
    name: 'distributed-csv',
    machine: { items: { Read: 105 } },
    // Eleven children, a millisecond apart.
    takesMs: 110,
    transitions: 13,
    calls: { process: 11 },
  },
  {
    name: 'nested-workflows',
    others: { stateMachines: CHILD },
    takesMs: 3_000,
    transitions: 2,
  },
  {
    name: 'saga-travel',
    others: {
      functions: { 'book-flight': { handler: { duration: '100ms', errorRate: '100%' } } },
    },
    outcome: 'failed',
    takesMs: 400,
    transitions: 5,
    calls: { 'book-hotel': 1, 'book-flight': 1, cancel: 2 },
  },
  {
    name: 'dynamodb-records',
    machine: {
      results: {
        'Seed the DynamoDB Table': ['1', '2', 'DONE'],
        'Read Next Message from DynamoDB': { Item: { Message: { S: 'text' } } },
      },
    },
    takesMs: 100,
    transitions: 11,
    calls: { seed: 1 },
  },
  { name: 'counted-loop', takesMs: 500, transitions: 19, calls: { process: 5 } },
  {
    name: 'jsonata-order',
    machine: {
      input: { customer: { isMember: true }, lines: [{ price: 60, quantity: 2 }] },
      results: { Charge: { paid: true } },
    },
    // Of 120 less a tenth, a second for each 50.
    takesMs: 2_100,
    transitions: 6,
    calls: { charge: 1 },
  },
  {
    name: 'jsonata-map',
    machine: {
      input: { limit: 1, orders: [{ amount: 5 }, { amount: 20 }, { amount: 30 }, { amount: 40 }] },
    },
    takesMs: 300,
    transitions: 5,
    calls: { process: 3 },
  },
  {
    name: 'container-task',
    machine: { durations: { 'Run Fargate Task': '2m' } },
    takesMs: 120_000,
    transitions: 2,
  },
  {
    name: 'circuit-breaker',
    machine: { choices: { 'Is Circuit Closed': { 'Circuit Open': '0%' } } },
    others: { functions: { flaky: { timeout: '60s', handler: { duration: '20s' } } } },
    outcome: 'failed',
    // Three attempts of 12 s, with waits of 2 s and 3 s.
    takesMs: 41_000,
    transitions: 7,
    calls: { flaky: 3 },
  },
  {
    name: 'http-endpoint',
    machine: { durations: { 'Call Stripe': '250ms' } },
    takesMs: 250,
    transitions: 1,
  },
  {
    name: 'events-and-activity',
    machine: { durations: { Manual: '2m' } },
    takesMs: 120_000,
    transitions: 2,
  },
  {
    name: 'nested-maps',
    machine: {
      input: { departments: [{ employees: [1, 2] }, { employees: [3] }, { employees: [] }] },
    },
    takesMs: 100,
    transitions: 16,
    calls: { process: 3 },
  },
  {
    name: 'rules-of-all-sorts',
    machine: {
      input: {
        nothing: null,
        name: 'log-1.txt',
        count: 3,
        most: 3,
        at: '2026-02-01T00:00:00Z',
        flags: [false],
      },
    },
    takesMs: 59_500,
    transitions: 2,
  },
  {
    name: 'express-checkout',
    machine: { type: 'EXPRESS' },
    takesMs: 100,
    transitions: 4,
    calls: { charge: 1, process: 1 },
  },
  {
    name: 'intrinsics',
    machine: { definition: 'intrinsics.asl.yaml', input: { count: 10, id: 7, customer: 'Ada' } },
    takesMs: 100,
    transitions: 7,
    calls: { process: 3 },
  },
  {
    name: 'guarded-choice',
    machine: { input: { basket: [{ count: 2 }], note: 'call me before noon' } },
    takesMs: 2_000,
    transitions: 4,
  },
  {
    name: 'lock-in-table',
    machine: {
      results: {
        'Take Lock': [{ share: '100%', error: 'DynamoDB.ConditionalCheckFailedException' }],
        'Read Lock': { Item: { owner: { S: '2026-03-02T00:00:00Z' } } },
      },
    },
    takesMs: 100,
    transitions: 6,
    calls: { process: 1 },
  },
  {
    name: 'first-of-two',
    machine: { input: { rounds: 0, wanted: 3 } },
    // Two waits; the branch that waits for 15 s is stopped.
    takesMs: 8_000,
    transitions: 12,
  },
  {
    name: 'pages',
    machine: {
      serviceDuration: '200ms',
      results: {
        List: { Contents: [{ Key: 'a' }, { Key: 'b' }], NextContinuationToken: 'c' },
        'List Next': { Contents: [{ Key: 'c' }] },
      },
    },
    takesMs: 700,
    transitions: 10,
    calls: { process: 3 },
  },
  {
    name: 'cluster-steps',
    machine: {
      durations: { 'Create Cluster': '5m', Sort: '10m', 'Count Words': '4m', 'End Cluster': '1m' },
      results: { Sort: [{ share: '100%', error: 'EMR.StepFailed' }] },
    },
    takesMs: 960_000,
    transitions: 5,
  },
  {
    name: 'nested-distributed',
    machine: { items: { 'All Objects': 90, 'Smaller Batches': 30, Each: 10 } },
    // Three children 10 ms apart; in each, three Express children 1 ms apart.
    takesMs: 122,
    transitions: 104,
    calls: { process: 90 },
  },
  {
    name: 'variables',
    machine: { input: { amount: 10, atOnce: 1 } },
    takesMs: 2_300,
    transitions: 12,
    calls: { process: 3 },
  },
  {
    name: 'batch-sizes',
    machine: {
      input: {
        orders: [1, 2, 3, 4, 5, 6, 7],
        size: 3,
        bytes: 1_000,
        atOnce: 1,
        tolerated: { count: 1, percentage: 50 },
      },
    },
    takesMs: 300,
    transitions: 4,
    calls: { process: 3 },
  },
  {
    name: 'object-of-items',
    machine: { input: { stock: { Aachen: 3, Bonn: 2, Celle: 9 } } },
    takesMs: 100,
    transitions: 7,
    calls: { process: 1 },
  },
  {
    name: 'own-error-text',
    machine: { input: { check: 'Slow' } },
    // Two retries, after 1 s and 3 s.
    takesMs: 4_100,
    transitions: 7,
    calls: { process: 1 },
  },
  {
    name: 'starts-itself',
    machine: { choices: { 'Go On?': { 'Go On Anew': '0%' } } },
    takesMs: 100,
    transitions: 3,
    calls: { process: 1 },
  },
  {
    name: 'alias-of-function',
    others: { functions: { charge: { aliases: { live: { functionVersion: '1' } } } } },
    takesMs: 100,
    transitions: 1,
    calls: { charge: 1 },
  },
  {
    name: 'curbside',
    machine: {
      definition: 'curbside.asl.yaml',
      definitionSubstitutions: {
        OrderTable: 'messages',
        PickQueue: 'callbacks',
        CustomerTopic: 'welcome',
      },
      durations: { Pick: '10m' },
      results: { Pick: { isComplete: true }, Announce: [{ share: '100%', never: true }] },
    },
    // Ten minutes of picking, and a day of waiting for a customer who does not come.
    takesMs: 87_000_000,
    transitions: 5,
  },
  {
    name: 'night-load',
    machine: {
      input: { day: '2026-03-01' },
      durations: { 'Start Crawler': '1s', 'Get Crawler': '1s', Transform: '10m', Query: '1m' },
      results: {
        'Start Crawler': [{ share: '100%', error: 'Glue.CrawlerRunningException' }],
        'Get Crawler': { Crawler: { State: 'READY' } },
        Query: [{ share: '100%', error: 'Athena.TooManyRequestsException' }],
      },
    },
    outcome: 'failed',
    takesMs: 722_000,
    transitions: 8,
  },
  {
    name: 'jsonata-poll',
    machine: {
      input: { job: 'nightly', pause: 5 },
      durations: { Start: '1s', Ask: '1s' },
      results: { Start: { JobRunId: 'jr_1' } },
    },
    outcome: 'failed',
    // Pauses of 5 s, 10 s and 20 s, and a second for each call.
    takesMs: 39_000,
    transitions: 11,
  },
  {
    name: 'map-of-branches',
    machine: {
      input: {
        orders: [
          { isPaid: true, lines: [1, 2] },
          { isPaid: false, lines: [1, 2, 3] },
          { isPaid: true, lines: [] },
        ],
      },
    },
    takesMs: 2_000,
    transitions: 19,
    calls: { process: 5 },
  },
  {
    name: 'callback-heartbeat',
    machine: {
      input: { times: { all: 600, beat: 60 } },
      results: { Pack: [{ share: '100%', never: true }] },
    },
    // A minute, ten seconds and a minute, then we do it ourselves.
    takesMs: 130_100,
    transitions: 3,
    calls: { process: 1 },
  },
  { name: 'child', takesMs: 3_000, transitions: 1 },
]

describe('a definition of a documented pattern', () => {
  test.each(ROWS.map((row) => [row.name, row] as const))('%s runs', async (name, row) => {
    const { machine = {}, others = {}, outcome = 'succeeded', takesMs, transitions, calls } = row
    const definition = { definition: `${name}.asl.json`, ...machine }
    const view = await runWorkflow(definition, { drain: true, ...others })
    expect(view.ledger('machine')).toEqual({ entered: 1, [outcome]: 1 })
    expect(view.value('machine.ExecutionTime.maximum')).toBe(takesMs)
    expect(view.value('machine.StateTransitions.sum')).toBe(transitions)
    expect(view.countAttempts(({ functionName }) => functionName)).toEqual(calls ?? {})
  })

  it('is one of at least forty', () => {
    const names = readdirSync(DEFINITIONS).map((file) => file.replace(/\.asl\.(json|yaml)$/, ''))
    expect(ROWS.map(({ name }) => name).sort()).toEqual(names.sort())
    expect(names.length).toBeGreaterThanOrEqual(40)
  })
})

const DEFINITIONS = fileURLToPath(new URL('../../fixtures/asl/', import.meta.url))

interface Validator {
  readonly default: (definition: object) => { readonly isValid: boolean }
}

describe('asl-validator', () => {
  // A state that is called Iterator, as in AWS's own example of a loop, makes it throw.
  const files = readdirSync(DEFINITIONS).filter((file) => !file.startsWith('counted-loop'))

  test.each(files)('takes %s as well', async (file) => {
    // @ts-expect-error: the package has no types.
    const { default: validate } = (await import('asl-validator')) as Validator
    const definition = parse(readFileSync(`${DEFINITIONS}${file}`, 'utf8')) as object
    expect(validate(definition).isValid).toBe(true)
  })
})
