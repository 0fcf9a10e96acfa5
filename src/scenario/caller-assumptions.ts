/** What is taken for granted of who calls, and of whom else the account serves. */
import { assumptionsOfClients, type WrittenClient } from '../model/clients/assumptions.ts'
import { retryOf } from '../model/clients/schema.ts'
import type { Assumption, CompiledScenario } from '../model/compiled-scenario.ts'
import { alternativesAt, joinedAlternatives, RETRY_ALTERNATIVES } from './alternatives.ts'
import type { Scenario } from './schema/scenario.ts'

/** Of callers that give up or try again. */
export function clientAssumptions(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'traffic'>,
): readonly Assumption[] {
  return assumptionsOfClients(callersOf(scenario, compiled))
}

/** Who waits for answers. */
function callersOf(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'traffic'>,
): readonly WrittenClient[] {
  return Object.entries(scenario.traffic)
    .filter((_, index) => compiled.traffic[index]?.target.kind !== 'handover')
    .map(([name, producer]) => ({
      name,
      client: producer.client ?? {},
      retry: retryOf(producer),
    }))
}

export function callerAssumptions(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'account' | 'functions' | 'traffic'>,
): readonly Assumption[] {
  const assumptions: Assumption[] = []
  const callers = callersOf(scenario, compiled)
  const silent = callers.filter(({ retry }) => retry === undefined)
  if (silent.length > 0) {
    const names =
      silent.length === callers.length ? '' : ` (${silent.map(({ name }) => name).join(', ')})`
    assumptions.push({
      id: 'no-retries',
      statement: `Callers do not retry what was throttled or failed; an AWS SDK would, twice by default${names}.`,
      confidence: 'assumed',
      source: 'AWS SDKs and tools reference guide, "Retry behavior"',
      alternatives: joinedAlternatives(
        silent.map(({ name }) => alternativesAt(`traffic.${name}`, RETRY_ALTERNATIVES)),
      ),
    })
  }
  const usesAccount = compiled.functions.some(({ managed }) => managed === null)
  if (usesAccount && compiled.account.otherUnreservedConcurrency === 0) {
    assumptions.push({
      id: 'other-functions',
      statement: 'No other function in the account uses any concurrency.',
      confidence: 'assumed',
      source: 'account.otherFunctions.unreservedConcurrency is left out or 0',
      alternatives: [
        {
          label: 'a quarter of the limit',
          set: {
            'account.otherFunctions.unreservedConcurrency': Math.floor(
              compiled.account.concurrentExecutions / 4,
            ),
          },
        },
      ],
    })
  }
  return assumptions
}
