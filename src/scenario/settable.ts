/** What `set` may change while a run goes on: each path, and the change that it stands for. */
import type { SettingChange } from '../model/compiled-scenario.ts'
import { EVENT_SOURCES } from '../model/invocation/event-sources.ts'
import { RESOURCES } from '../model/resources/index.ts'
import { failureShares } from './compile-function.ts'
import { environmentRange } from './compile-managed.ts'
import { eventEntry } from './nodes.ts'
import { planQualifiers, provisionedQualifiers } from './qualifiers.ts'
import type { Scenario } from './schema/scenario.ts'
import { valueAt } from './schema-walk.ts'

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

export function functionIndex(scenario: Scenario, name: string | undefined): number {
  return Object.keys(scenario.functions).indexOf(name ?? '')
}

function changedFailures(scenario: Scenario, [name]: readonly string[]): SettingChange {
  return {
    kind: 'failures',
    functionIndex: functionIndex(scenario, name),
    value: failureShares(configOf(scenario, name)),
  }
}

function changedEnvironments(scenario: Scenario, [name = '']: readonly string[]): SettingChange {
  const partPath = `functions.${name}.capacityProviderConfig`
  const config = environmentRange(configOf(scenario, name).functionScalingConfig)
  return { kind: 'part', partPath, config }
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
  {
    pattern: 'functions.*.functionScalingConfig.minExecutionEnvironments',
    change: changedEnvironments,
  },
  {
    pattern: 'functions.*.functionScalingConfig.maxExecutionEnvironments',
    change: changedEnvironments,
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
export function settableAt(path: readonly string[]) {
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
