/**
 * The timeline compiled. A `set` is an overlay like any other: from its instant on the scenario
 * reads as if the value stood at that path, and has to be valid then as well.
 */
import type { TimelineAction } from '../model/compiled-scenario.ts'
import { deploymentStrategy } from '../model/compute/deployment-strategies.ts'
import { checkScenario } from './checks/index.ts'
import { nearest, type PathSegment, type Problem, pathText } from './diagnostics.ts'
import { notYetSupportedIn } from './known-words.ts'
import { commandTarget, nodesOf } from './nodes.ts'
import { splitPath, withValueAt } from './overlay.ts'
import type { Scenario } from './schema/scenario.ts'
import { functionIndex, settableAt, settablePatterns } from './settable.ts'
import { type PartialScenario, validateScenario } from './validate.ts'

export interface CompiledTimeline {
  /** In the order of time, without what would come after the run; entries of one instant in the order of the file. */
  readonly actions: readonly TimelineAction[]
  readonly problems: readonly Problem[]
}

/** Paths that can never be set, whatever else is wrong with the scenario. */
export function checkSetPaths({ timeline }: PartialScenario): readonly Problem[] {
  return timeline.flatMap((entry, index) => {
    if (entry === null || !('set' in entry)) return []
    return Object.keys(entry.set).flatMap((path): Problem[] => {
      const segments = splitPath(path)
      if (segments !== null && settableAt(segments) !== null) return []
      return [{ path: ['timeline', index, 'set', path], at: 'key', ...notSettable(path) }]
    })
  })
}

type Value = Readonly<Record<string, unknown>>

/** Expects a scenario without problems and settable paths; `value` is its plain value. */
export function compileTimeline(scenario: Scenario, value: Value): CompiledTimeline {
  const ordered = [...scenario.timeline.entries()].sort(([, a], [, b]) => a.at - b.at)
  const isInRun = ({ atUs }: TimelineAction): boolean => atUs < scenario.duration
  const actions: TimelineAction[] = []
  const problems: Problem[] = []
  let current: Value = value
  for (const [index, entry] of ordered) {
    if ('deploy' in entry) {
      const strategy = deploymentStrategy(entry.strategy)
      actions.push({
        atUs: entry.at,
        kind: 'deploy',
        functionIndex: functionIndex(scenario, entry.deploy.replace(/^functions\./, '')),
        shifts: strategy?.shifts ?? [],
        strategy: entry.strategy,
      })
      continue
    }
    if ('verb' in entry) {
      const target = commandTarget(nodesOf(scenario), entry)
      const { at: atUs, verb, options } = entry
      if (target.ok) {
        actions.push({ atUs, kind: 'command', partPath: target.partPath, verb, options })
      }
      continue
    }
    const step = applySet(scenario, current, index, entry)
    problems.push(...step.problems)
    actions.push(...step.actions)
    current = step.value
  }
  return { actions: actions.filter(isInRun), problems }
}

interface Step {
  readonly value: Value
  readonly actions: readonly TimelineAction[]
  readonly problems: readonly Problem[]
}

/** All paths of one entry together: what holds at that instant is what counts. */
function applySet(
  scenario: Scenario,
  before: Value,
  index: number,
  entry: { readonly at: number; readonly set: Readonly<Record<string, unknown>> },
): Step {
  let value = before
  const problems: Problem[] = []
  const applied: { readonly path: string; readonly segments: readonly string[] }[] = []
  for (const [path, setting] of Object.entries(entry.set)) {
    const where: PathSegment[] = ['timeline', index, 'set', path]
    const segments = splitPath(path)
    const match = segments === null ? null : settableAt(segments)
    if (segments === null || match === null) continue
    // null takes a setting away, as deleting it in AWS does.
    const overlay = withValueAt(value, segments, setting === null ? undefined : setting)
    if (!overlay.ok) {
      problems.push({ path: where, at: 'key', ...overlay.fault })
      continue
    }
    const fault = match.settable.fault?.(scenario, match.names, setting) ?? null
    if (fault !== null) problems.push({ path: where, at: 'key', message: fault })
    else {
      value = overlay.value as Value
      applied.push({ path, segments })
    }
  }
  const { scenario: after, partial, problems: found } = validateScenario(value)
  // What was there at time 0 has been checked, and holds no longer.
  const faults = [...found, ...checkScenario({ ...partial, initial: undefined })]
  if (faults.length > 0 || after === null) {
    problems.push(...faults.map((fault) => atEntry(fault, index, applied)))
    return { value: before, actions: [], problems }
  }
  const actions = applied.flatMap(({ path, segments }): TimelineAction[] => {
    const match = settableAt(segments)
    if (match === null) return []
    const change = match.settable.change(after, match.names)
    return [{ atUs: entry.at, kind: 'set', path, change }]
  })
  return { value, actions, problems }
}

function notSettable(path: string): { readonly message: string; readonly suggestion?: string } {
  const patterns = settablePatterns()
  const segments = path.split('.')
  const later = notYetSupportedIn(segments)
  if (later !== undefined) {
    return { message: `\`${path}\` cannot be set: \`${later}\` is not supported yet` }
  }
  const own = patterns.map((pattern) =>
    pattern
      .split('.')
      .map((segment, index) => (segment === 'NAME' ? (segments[index] ?? segment) : segment))
      .join('.'),
  )
  const suggestion = nearest(path, own)
  return {
    message: `\`${path}\` cannot change during a run; what can: ${patterns.join(', ')}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}

/** A problem of the changed scenario, told where the change stands. */
function atEntry(
  { path, message, suggestion }: Problem,
  index: number,
  applied: readonly { readonly path: string; readonly segments: readonly string[] }[],
): Problem {
  const cause =
    applied.find(({ path: set }) => pathText(path).startsWith(set)) ?? applied[applied.length - 1]
  return {
    path: cause === undefined ? ['timeline', index] : ['timeline', index, 'set', cause.path],
    at: 'value',
    message: `from then on: ${message}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  }
}
