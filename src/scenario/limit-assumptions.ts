/** What is taken for granted of the limits on concurrency and its growth. */
import type { Assumption, CompiledScenario } from '../model/compiled-scenario.ts'

const SYNCHRONOUS_LIMITS = 'Lambda developer guide, "Understanding Lambda function scaling"'

export function limitAssumptions(
  compiled: Pick<CompiledScenario, 'functions' | 'account'>,
): readonly Assumption[] {
  if (compiled.functions.every(({ managed }) => managed !== null)) return []
  const assumptions: Assumption[] = [
    {
      id: 'admission-order',
      statement:
        'Limits are checked in the order request rate, provisioned concurrency, room, idle environment, scaling rate.',
      confidence: 'inferred',
      source: SYNCHRONOUS_LIMITS,
    },
    {
      id: 'request-rate-burst',
      statement: 'A request-rate limit lets one second of its rate through at once.',
      confidence: 'assumed',
      source: `${SYNCHRONOUS_LIMITS}: ten times the concurrency per second, no burst size`,
    },
  ]
  const isLimited = compiled.functions.some((settings) => !settings.scalingRateUnlimited)
  if (isLimited && compiled.account.scaling.kind === 'per-function') {
    assumptions.push({
      id: 'scaling-rate',
      statement:
        'The scaling rate refills continuously, 100 environments a second up to 1,000. A request that needs a new environment is also refused once its second has carried as many on-demand requests as the ceiling, which starts at 10,000 and rises by 1,000 every second, to at most 10,000 above what the second before carried; a request that finds an idle environment is counted but never refused.',
      confidence: 'assumed',
      source: 'Lambda developer guide, "Lambda scaling behavior": per 10 seconds, best effort',
    })
  }
  if (isLimited && compiled.account.scaling.kind === 'regional-burst') {
    assumptions.push({
      id: 'scaling-rate',
      statement: `All functions share a burst of ${compiled.account.scaling.burst} environments, refilled by ${compiled.account.scaling.perMinute} a minute.`,
      confidence: 'documented',
      source: 'Lambda developer guide of 2022, "Lambda function scaling"',
    })
  }
  return assumptions
}
