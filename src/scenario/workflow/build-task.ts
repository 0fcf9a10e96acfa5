/** Nodes of Task states. */
import { END, type Outcome, type ProgramNode } from '../../model/workflow/program.ts'
import { handlingOf } from './handling.ts'
import { isObject, opened, UNKNOWN, withField } from './known.ts'
import { resolveCall } from './resolve-call.ts'
import { callOf, functionCall } from './resource.ts'
import { type Expander, type Situation, US_PER_SECOND } from './situation.ts'
import { numberOf } from './state-numbers.ts'
import type { StatedOutcome } from './steering.ts'

const SUCCESS: StatedOutcome = { share: 1, value: UNKNOWN, error: null, isNever: false }

export async function buildTask(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { name, path } = place
  const own = place.state
  const payload = await expander.payload(place)
  const resource = String(own.Resource)
  const call = callOf(resource, payload) ?? functionCall(resource)
  const resolution = resolveCall(call, name, expander.steering)
  if (!resolution.ok) {
    const where = call.argument === 'Resource' ? [...path, 'Resource'] : path
    const at = where === path ? 'key' : 'value'
    expander.tell(where, resolution.message, at, ...resolution.lacks)
  }
  const handling = await handlingOf(expander, place)
  const outcomes: Outcome[] = []
  let sum = 0
  for (const stated of expander.steering.results[name] ?? [SUCCESS]) {
    sum += stated.share
    const exit =
      stated.error !== null || stated.isNever
        ? { next: END, error: stated.error }
        : await expander.exit(place, resultOf(resource, stated.value), own)
    outcomes.push({ upTo: sum, isNever: stated.isNever, ...exit })
  }
  const seconds = async (key: string): Promise<number | null> => {
    const given = await numberOf(expander, place, key, { least: 1 })
    return given === null ? null : given * US_PER_SECOND
  }
  return {
    kind: 'task',
    state,
    site: expander.siteOf(state, resolution),
    timeoutUs: await seconds('TimeoutSeconds'),
    heartbeatUs: await seconds('HeartbeatSeconds'),
    outcomes,
    ...handling,
  }
}

/** What lambda:invoke answers wraps what the function returns, where it is not stated as a whole. */
function resultOf(resource: string, value: unknown): unknown {
  if (!/:lambda:invoke$/i.test(resource)) return value
  if (isObject(value) && Object.hasOwn(value, 'Payload'))
    return withField(opened(value), 'StatusCode', 200)
  return withField(withField(UNKNOWN, 'Payload', value), 'StatusCode', 200)
}
