/** Which metrics a state machine and its states have. */
import { definitionOf, type StateMachineConfig } from './config.ts'
import type { ProgramNode, StateMachineProgram } from './program.ts'

/** Of the machine itself, in no particular order. */
export function machineMetrics(config: StateMachineConfig): readonly string[] {
  const { sites, nodes } = definitionOf(config).program
  const isExpress = config.type === 'EXPRESS'
  const callsFunctions = sites.some(({ work }) => work.kind === 'function')
  const callsOthers = sites.some(
    ({ work, pattern }) => work.kind !== 'function' || pattern !== 'request-response',
  )
  const hasChildren = nodes.some((node) => node.kind === 'map' && node.distributed !== null)
  return [
    'ExecutionsStarted',
    'ExecutionsSucceeded',
    'ExecutionsFailed',
    'ExecutionsTimedOut',
    'ExecutionsAborted',
    'ExecutionTime',
    'ExecutionsRefused',
    'OpenExecutions',
    'StateTransitions',
    ...(isExpress
      ? ['ExpressExecutionBilledDuration']
      : ['ExecutionThrottled', 'ExecutionsRedriven']),
    ...(config.duplicateExecutions > 0 ? ['DuplicateExecutions'] : []),
    ...(sites.some(({ pattern }) => pattern === 'callback') ? ['SendTaskThrottled'] : []),
    ...(hasChildren ? ['ChildExecutionsStarted'] : []),
    ...(callsFunctions ? callMetrics('LambdaFunction', true) : []),
    ...(callsOthers ? callMetrics('ServiceIntegration', false) : []),
  ]
}

function callMetrics(prefix: string, hasStarts: boolean): readonly string[] {
  const endings = [
    'Scheduled',
    ...(hasStarts ? ['Started'] : []),
    'Succeeded',
    'Failed',
    'TimedOut',
  ]
  return [...endings.map((ending) => `${prefix}s${ending}`), `${prefix}Time`]
}

interface StateMetrics {
  /** The state's name as outputs may hold it. */
  readonly place: string
  readonly takesTime: boolean
  readonly isRetried: boolean
}

/** By state. */
export function metricsOf({ states, nodes }: StateMachineProgram): readonly StateMetrics[] {
  const ofState = states.map((): ProgramNode[] => [])
  for (const node of nodes) ofState[node.state]!.push(node)
  return states.map((name, state) => ({
    place: placeOf(name),
    takesTime: ofState[state]!.some(({ kind }) =>
      ['wait', 'task', 'parallel', 'map'].includes(kind),
    ),
    isRetried: ofState[state]!.some((node) => 'retriers' in node && node.retriers.length > 0),
  }))
}

/** Names of states may hold anything, files of values no comma, quote or line break. */
function placeOf(name: string): string {
  return name.replace(/[^\p{L}\p{N} _:;()/+-]/gu, '_').trim()
}
