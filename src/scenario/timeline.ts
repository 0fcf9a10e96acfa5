/**
 * The timeline compiled. A `set` is an overlay like any other: from its instant on the scenario
 * reads as if the value stood at that path, and has to be valid then as well.
 */
import type { SettingChange, TimelineAction } from '../model/compiled-scenario.ts'
import { deploymentStrategy } from '../model/compute/deployment-strategies.ts'
import { EVENT_SOURCES } from '../model/invocation/event-sources.ts'
import { RESOURCES } from '../model/resources/index.ts'
import { checkScenario } from './checks/index.ts'
import { failureShares } from './compile-function.ts'
import { nearest, type PathSegment, type Problem, pathText } from './diagnostics.ts'
import { notYetSupportedIn } from './known-words.ts'
import { commandTarget, eventEntry, nodesOf } from './nodes.ts'
import { splitPath, withValueAt } from './overlay.ts'
import { planQualifiers, provisionedQualifiers } from './qualifiers.ts'
import type { Scenario } from './schema/scenario.ts'
import { valueAt } from './schema-walk.ts'
import { type PartialScenario, validateScenario } from './validate.ts'

/** What may change while a run goes on; `*` is a name. */
interface Settable {
  readonly pattern: string
  /** The change, read from the scenario as it is from then on. */
  readonly change: (scenario: Scenario, names: readonly string[]) => SettingChange
  /** What is wrong with changing it in this scenario. */
  readonly fault?: (scenario: Scenario, names: readonly string[], setting: unknown) => string | null
}

type FunctionConfig = Scenario['functions'][string]

function configOf(scenario: Scenario, name: string | undefined): FunctionConfig {
  const config = scenario.functions[name ?? '']
  if (config === undefined) throw new RangeError(`there is no function ${name}`)
  return config
}

function functionIndex(scenario: Scenario, name: string | undefined): number {
  return Object.keys(scenario.functions).indexOf(name ?? '')
}

function changedFailures(scenario: Scenario, [name]: readonly string[]): SettingChange {
  return {
    kind: 'failures',
    functionIndex: functionIndex(scenario, name),
    value: failureShares(configOf(scenario, name)),
  }
}

/** Its metrics and, for the shorthand, the meaning of the bare name must not change in a run. */
function undeclaredProvisioned(
  scenario: Scenario,
  [name, alias]: readonly string[],
  setting: unknown,
): string | null {
  const { qualifiers } = planQualifiers(configOf(scenario, name))
  const isScaled = qualifiers.some(
    (qualifier) => qualifier.scaling !== null && (alias === undefined || qualifier.name === alias),
  )
  if (isScaled || (typeof setting === 'object' && setting !== null)) {
    return 'a schedule or target tracking holds for the whole run: write the change into its schedule'
  }
  const declared = provisionedQualifiers(configOf(scenario, name))
  if (
    alias === undefined
      ? scenario.functions[name ?? '']?.provisionedConcurrentExecutions !== undefined
      : declared.includes(alias)
  )
    return null
  return 'declare provisionedConcurrentExecutions from the start (0 is enough) to change it during the run'
}

function changedProvisioned(
  scenario: Scenario,
  [name, qualifier]: readonly string[],
): SettingChange {
  const { qualifiers } = planQualifiers(configOf(scenario, name))
  const index =
    qualifier === undefined ? 0 : qualifiers.findIndex((candidate) => candidate.name === qualifier)
  return {
    kind: 'provisionedConcurrency',
    functionIndex: functionIndex(scenario, name),
    qualifierIndex: index,
    value: qualifiers[index]?.provisionedConcurrency ?? 0,
  }
}

/** Settings of resources and events that may change: their part is given its new configuration. */
function partSettables(): readonly Settable[] {
  const ofResources = RESOURCES.flatMap(({ section, settable = [], settableFault }) =>
    settable.map(
      (key): Settable => ({
        pattern: `${section}.*.${key}`,
        change: (scenario, [name = '']) => ({
          kind: 'part',
          partPath: `${section}.${name}`,
          config: valueAt(scenario, [section, name]),
        }),
        fault: (scenario, [name = '']) => {
          const config = valueAt(scenario, [section, name])
          if (config === undefined) return null
          return settableFault?.(name, config as never) ?? null
        },
      }),
    ),
  )
  const keys = [...new Set(EVENT_SOURCES.flatMap(({ settable = [] }) => settable))]
  const ofEvents = keys.map(
    (key): Settable => ({
      pattern: `functions.*.events.*.${key}`,
      change: (scenario, [name = '', event = '']) => ({
        kind: 'part',
        partPath: `functions.${name}.events.${event}`,
        config: configOf(scenario, name).events?.[event],
      }),
      fault: (scenario, [name = '', event = '']) => {
        const config = configOf(scenario, name).events?.[event]
        if (config === undefined) return `${name} has no event ${event}`
        if ((eventEntry(config).settable ?? []).includes(key)) return null
        return `an event of type ${config.type} has no ${key} that may change during a run`
      },
    }),
  )
  return [...ofResources, ...ofEvents]
}

const SETTABLE: readonly Settable[] = [
  ...partSettables(),
  {
    pattern: 'account.concurrentExecutions',
    change: ({ account }) => ({ kind: 'accountConcurrency', value: account.concurrentExecutions }),
  },
  {
    pattern: 'account.otherFunctions.unreservedConcurrency',
    change: ({ account }) => ({
      kind: 'otherUnreservedConcurrency',
      value: account.otherFunctions.unreservedConcurrency,
    }),
  },
  {
    pattern: 'functions.*.reservedConcurrentExecutions',
    change: (scenario, [name]) => ({
      kind: 'reservedConcurrency',
      functionIndex: functionIndex(scenario, name),
      value: configOf(scenario, name).reservedConcurrentExecutions ?? null,
    }),
  },
  {
    pattern: 'functions.*.provisionedConcurrentExecutions',
    change: changedProvisioned,
    fault: undeclaredProvisioned,
  },
  {
    pattern: 'functions.*.aliases.*.provisionedConcurrentExecutions',
    change: changedProvisioned,
    fault: undeclaredProvisioned,
  },
  {
    pattern: 'functions.*.versions.*.provisionedConcurrentExecutions',
    change: changedProvisioned,
    fault: undeclaredProvisioned,
  },
  { pattern: 'functions.*.handler.errorRate', change: changedFailures },
  { pattern: 'functions.*.handler.failures.*', change: changedFailures },
  {
    pattern: 'functions.*.timeout',
    change: (scenario, [name]) => ({
      kind: 'timeout',
      functionIndex: functionIndex(scenario, name),
      valueUs: configOf(scenario, name).timeout,
    }),
  },
]

/** Every path that may be set, with NAME where a name stands. */
export function settablePatterns(): readonly string[] {
  return SETTABLE.map(({ pattern }) => pattern.replaceAll('*', 'NAME'))
}

/** The setting that a path means and the names that stand at its `*`. */
function settableAt(path: readonly string[]) {
  for (const settable of SETTABLE) {
    const pattern = settable.pattern.split('.')
    const matches =
      pattern.length === path.length &&
      pattern.every((segment, index) => segment === '*' || segment === path[index])
    if (!matches) continue
    return { settable, names: path.filter((_, index) => pattern[index] === '*') }
  }
  return null
}

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
  const faults = [...found, ...checkScenario(partial)]
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
