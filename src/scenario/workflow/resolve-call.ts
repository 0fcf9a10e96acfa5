/** Which node of the scenario a task means. */
import type { Work } from '../../model/workflow/program.ts'
import type { Section } from '../../model/world.ts'
import { UNKNOWN } from './known.ts'
import { type Call, lastPart, type Pattern } from './resource.ts'
import type { Steering } from './steering.ts'

interface Called {
  readonly service: string
  readonly pattern: Pattern
}

export type Resolution =
  | (Called & { readonly ok: true; readonly work: Work })
  | (Called & { readonly ok: false; readonly message: string })

const NOUNS: Readonly<Partial<Record<Section, string>>> = {
  functions: 'function',
  queues: 'queue',
  topics: 'topic',
  buses: 'bus',
  tables: 'table',
  streams: 'stream',
  stateMachines: 'state machine',
}

export function resolveCall(call: Call, state: string, steering: Steering): Resolution {
  const { service, pattern, section, named } = call
  const called = { service, pattern }
  const isStated = steering.durations.has(state)
  const stated: Resolution = { ...called, ok: true, work: { kind: 'stated' } }
  const fault = (message: string): Resolution => ({ ...called, ok: false, message })
  const example = `\`durations: { ${state}: 1s }\``
  const outcomes = steering.results[state] ?? []
  const isAnswered = outcomes.length === 0 || outcomes.some(({ isNever }) => !isNever)
  if (section === null) {
    if (isStated || steering.hasServiceDuration || call.isIdle || !isAnswered) return stated
    return fault(
      `the simulator has no ${service}: state how long \`${state}\` takes, as ${example}, or \`serviceDuration\` for all such tasks`,
    )
  }
  const explicit = explicitly(call, state, steering)
  const noun = NOUNS[section]!
  if (explicit === undefined && typeof named !== 'string') {
    if (isStated) return stated
    const what = named === UNKNOWN ? 'depends on data that is not known' : 'is not said'
    return fault(
      `which ${noun} \`${state}\` calls ${what}: state \`resources: { ${state}: NAME }\`, or ${example}`,
    )
  }
  const written = lastPart(explicit ?? String(named), section)
  const known = steering.nodes[section] ?? []
  const bare = written.name.replace(new RegExp(`^${section}\\.`), '')
  if (!known.includes(bare)) {
    if (isStated) return stated
    const list = known.length === 0 ? 'the scenario has none' : `known are ${known.join(', ')}`
    const isOpen = explicit === undefined && String(named).includes('${')
    const cure = isOpen
      ? `\`definitionSubstitutions\` says what \`${String(named)}\` is`
      : `\`resources: { ${JSON.stringify(explicit ?? named)}: NAME }\` says which one is meant`
    return fault(
      `\`${written.name}\` is no ${noun} of the scenario: ${list}; ${cure}, or ${example} how long it takes`,
    )
  }
  const isTimed = isStated || steering.hasServiceDuration
  if (pattern !== 'request-response' && !isTimed && isAnswered) {
    const what = pattern === 'callback' ? 'until somebody answers' : 'the job takes'
    return fault(`how long ${what} is not known: state ${example}`)
  }
  const isDeclared = steering.qualifiers[bare]?.includes(written.qualifier) === true
  const isMeant = explicit !== undefined && written.qualifier !== ''
  const reference = `${section}.${bare}${isDeclared || isMeant ? `:${written.qualifier}` : ''}`
  return { ...called, ok: true, work: workOf(call, section, reference) }
}

function workOf({ isEvent, count }: Call, section: Section, reference: string): Work {
  if (section === 'stateMachines') return { kind: 'execution', reference, isAwaited: !isEvent }
  if (section === 'functions' && !isEvent) return { kind: 'function', reference }
  return { kind: 'send', reference, section, count }
}

/** What the scenario says is meant. */
function explicitly(
  { named, section }: Call,
  state: string,
  { nodes, resources }: Steering,
): string | undefined {
  const byState = Object.hasOwn(resources, state) ? resources[state] : undefined
  if (byState !== undefined || typeof named !== 'string') return byState
  const { name } = lastPart(named, section!)
  // `${Charge}` and `${Charge.Arn}` may be the name of a node as well.
  const bare = /^\$\{(\w+)(?:\.\w+)?\}$/.exec(named)?.[1]
  const key = [named, name, bare].find(
    (each) => each !== undefined && Object.hasOwn(resources, each),
  )
  if (key !== undefined) return resources[key]
  return bare !== undefined && nodes[section!]?.includes(bare) === true ? bare : undefined
}
