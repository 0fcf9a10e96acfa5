/** Which node of the scenario a task means. */
import type { Work } from '../../model/workflow/program.ts'
import type { Section } from '../../model/world.ts'
import { UNKNOWN } from './known.ts'
import { type Lack, stated } from './lacks.ts'
import { type Call, lastPart, type Pattern } from './resource.ts'
import type { Steering } from './steering.ts'
import { placeholdersIn } from './substitutions.ts'

interface Called {
  readonly service: string
  readonly pattern: Pattern
}

export type Resolution =
  | (Called & { readonly ok: true; readonly work: Work })
  | (Called & { readonly ok: false; readonly message: string; readonly lacks: readonly Lack[] })

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
  const { service, pattern, section } = call
  const called = { service, pattern }
  const isStated = steering.durations.has(state)
  const isTimed = isStated || steering.hasServiceDuration
  const work: Resolution = { ...called, ok: true, work: { kind: 'stated' } }
  const fault = (message: string, ...lacks: readonly Lack[]): Resolution => ({
    ...called,
    ok: false,
    message,
    lacks,
  })
  const time: Lack = { key: 'durations', name: state, value: '1s' }
  const outcomes = steering.results[state] ?? []
  const isAnswered = outcomes.length === 0 || outcomes.some(({ isNever }) => !isNever)
  const end = pattern === 'callback' ? 'until somebody answers' : 'the job takes'
  const isOpenEnded = pattern !== 'request-response' && !isTimed && isAnswered
  const timeFault = () => fault(`how long ${end} is not known: state ${stated(time)}`, time)
  if (section === null) {
    if (call.isIdle) return isOpenEnded ? timeFault() : work
    if (isTimed || !isAnswered) return work
    const message = `the simulator has no ${service}: state how long \`${state}\` takes, as ${stated(time)}, or \`serviceDuration\` for all such tasks`
    return fault(message, time)
  }
  const name = nodeName(call, state, steering)
  if (!name.ok) {
    if (isStated) return work
    if (!isOpenEnded) {
      return fault(`${name.message}, or ${stated(time)} how long it takes`, name.lack)
    }
    return fault(`${name.message}, and ${stated(time)} how long ${end}`, name.lack, time)
  }
  if (isOpenEnded) return timeFault()
  return { ...called, ok: true, work: workOf(call, section, name.reference) }
}

type NodeName =
  | { readonly ok: true; readonly reference: string }
  | { readonly ok: false; readonly message: string; readonly lack: Lack }

/** The node that a task names, or what would say which one it is. */
function nodeName(call: Call, state: string, steering: Steering): NodeName {
  const { named } = call
  const section = call.section!
  const noun = NOUNS[section]!
  const explicit = explicitly(call, state, steering)
  const saying = (key: 'resources' | 'definitionSubstitutions', name: string): Lack => ({
    key,
    name,
    value: 'NAME',
    note: `a ${noun}`,
  })
  if (explicit === undefined && typeof named !== 'string') {
    const what = named === UNKNOWN ? 'depends on data that is not known' : 'is not said'
    const lack = saying('resources', state)
    return {
      ok: false,
      message: `which ${noun} \`${state}\` calls ${what}: state ${stated(lack)}`,
      lack,
    }
  }
  const written = lastPart(explicit ?? String(named), section)
  const known = steering.nodes[section] ?? []
  const bare = written.name.replace(new RegExp(`^${section}\\.`), '')
  if (known.includes(bare)) {
    const isDeclared = steering.qualifiers[bare]?.includes(written.qualifier) === true
    const isMeant = explicit !== undefined && written.qualifier !== ''
    const qualifier = isDeclared || isMeant ? `:${written.qualifier}` : ''
    return { ok: true, reference: `${section}.${bare}${qualifier}` }
  }
  const list = known.length === 0 ? 'the scenario has none' : `known are ${known.join(', ')}`
  const [placeholder] = explicit === undefined ? placeholdersIn(String(named)) : []
  if (placeholder !== undefined) {
    const lack = saying('definitionSubstitutions', placeholder)
    const message = `what \`\${${placeholder}}\` stands for is not known, here a ${noun} (${list}): state ${stated(lack)}`
    return { ok: false, message, lack }
  }
  if (explicit !== undefined) {
    const lack = saying('resources', state)
    const message = `\`${written.name}\`, which \`resources\` names, is no ${noun} of the scenario: ${list}; state ${stated(lack)}`
    return { ok: false, message, lack }
  }
  const lack = saying('resources', String(named))
  const message = `\`${written.name}\` is no ${noun} of the scenario: ${list}; ${stated(lack)} says which one is meant`
  return { ok: false, message, lack }
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
