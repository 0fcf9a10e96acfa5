/**
 * Retry and Catch of a state in a situation.
 * Source: AWS Step Functions developer guide, "Handling errors in Step Functions workflows".
 */
import type { Catcher, Retrier } from '../../model/workflow/program.ts'
import { PathFault } from './json-path.ts'
import { type Fields, UNKNOWN } from './known.ts'
import { type Expander, type Handling, type Situation, US_PER_SECOND } from './situation.ts'
import { SizeFault } from './size-limit.ts'
import { fill, placed } from './templates.ts'

export async function handlingOf(expander: Expander, place: Situation): Promise<Handling> {
  const { state } = place
  const listed = (key: string) => (Array.isArray(state[key]) ? (state[key] as Fields[]) : [])
  const catchers: Catcher[] = []
  for (const catcher of listed('Catch')) {
    const errorEquals = catcher.ErrorEquals as readonly string[]
    const next = await caughtBy(expander, catcher, onlyName(errorEquals), place)
    catchers.push({ errorEquals, next })
  }
  return { retriers: listed('Retry').map(retrierOf), catchers }
}

/** Where a catcher leads; to a failure where the error cannot be put where it says. */
async function caughtBy(
  expander: Expander,
  catcher: Fields,
  error: unknown,
  place: Situation,
): Promise<number> {
  const { name, input, isJsonata, evaluation, flow } = place
  const errorOutput = { Error: error, Cause: UNKNOWN }
  const scope = { ...evaluation, errorOutput }
  try {
    const output = isJsonata
      ? catcher.Output === undefined
        ? errorOutput
        : await fill(catcher.Output, scope)
      : placed(catcher.ResultPath, input, errorOutput)
    const assigned = isJsonata ? scope : { ...evaluation, input: errorOutput }
    const variables = await expander.assigned(place, catcher.Assign, assigned)
    return expander.goTo(flow, String(catcher.Next), output, variables)
  } catch (fault) {
    if (!(fault instanceof PathFault)) throw fault
    const other = errorOf(fault, place)
    expander.warn(`state ${name} fails with ${other} when it catches an error: ${fault.message}`)
    return expander.failure(place, other)
  }
}

/** What Step Functions calls a fault of a state's data. */
export function errorOf(fault: PathFault, { isJsonata }: Situation): string {
  return isJsonata && !(fault instanceof SizeFault) ? 'States.QueryEvaluationError' : fault.error
}

function onlyName(errorEquals: readonly string[]): unknown {
  const [name = '', second] = errorEquals
  const isGroup = name === 'States.ALL' || name === 'States.TaskFailed' || name === 'States.Timeout'
  return second !== undefined || isGroup ? UNKNOWN : name
}

/** Source of the defaults: Step Functions developer guide, "Retrying after an error". */
function retrierOf(retrier: Fields): Retrier {
  const number = (key: string, fallback: number): number =>
    typeof retrier[key] === 'number' ? retrier[key] : fallback
  const longest = retrier.MaxDelaySeconds
  return {
    errorEquals: retrier.ErrorEquals as readonly string[],
    intervalUs: number('IntervalSeconds', 1) * US_PER_SECOND,
    maxAttempts: number('MaxAttempts', 3),
    backoffRate: number('BackoffRate', 2),
    maxDelayUs: typeof longest === 'number' ? longest * US_PER_SECOND : null,
    isJittered: retrier.JitterStrategy === 'FULL',
  }
}
