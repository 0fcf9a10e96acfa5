/** The behaviours that take part in a scenario and could be otherwise, each with its source. */
import type { Alternative, Assumption, CompiledScenario } from '../model/compiled-scenario.ts'
import {
  COLD_START_SOURCE,
  coldStartPreset,
  LONG_RUN_INIT_SOURCE,
} from '../model/compute/cold-start-presets.ts'
import { IDLE_SELECTIONS } from '../model/compute/idle-selection/index.ts'
import { keepAliveAlternatives, keepAlivePreset } from '../model/compute/keep-alive/preset.ts'
import { managedFunctionAssumptions } from '../model/compute/managed-instances/assumptions.ts'
import { isRestoreMeasured, RESTORE_SOURCE } from '../model/compute/restore-presets.ts'
import { assumptionsOfSteps } from '../model/handler/call-assumptions.ts'
import { assumptionsOfVpcs } from '../model/network/assumptions.ts'
import {
  alternativesAt,
  firstInvocationAlternatives,
  HAND_OVER_ALTERNATIVES,
  initAlternatives,
  joinedAlternatives,
  NO_PROACTIVE_INITS,
  PLACEMENT_ALTERNATIVES,
  pollerWindowAlternatives,
  RESTORE_ALTERNATIVES,
} from './alternatives.ts'
import { callerAssumptions, clientAssumptions } from './caller-assumptions.ts'
import { hasSnapStart, isManaged } from './compile-function.ts'
import { limitAssumptions } from './limit-assumptions.ts'
import { eventEntry, eventsOf, type Nodes, nodesOf, resourceEntry } from './nodes.ts'
import { provisionedAssumptions } from './provisioned-assumptions.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { Scenario } from './schema/scenario.ts'

/** In the order in which they matter to most scenarios. */
export function assumptionsOf(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'functions' | 'account' | 'traffic' | 'timeline'>,
): readonly Assumption[] {
  const configs = Object.entries(scenario.functions)
  const ordinary = configs.filter(([, config]) => !isManaged(config))
  const compiledOrdinary = compiled.functions.filter(({ managed }) => managed === null)
  return [
    ...clientAssumptions(scenario, compiled),
    ...environmentAssumptions(scenario, { functions: compiledOrdinary }, ordinary),
    ...coldStartAssumptions(configs),
    ...managedFunctionAssumptions(compiled.functions),
    ...provisionedAssumptions(compiled),
    ...limitAssumptions(compiled),
    ...asynchronousAssumptions(compiled),
    ...kindAssumptions(nodesOf(scenario)),
    ...callAssumptions(compiled),
    ...assumptionsOfVpcs(compiled.functions, compiled.timeline, scenario.duration),
    ...callerAssumptions(scenario, compiled),
  ]
}

/** What the kinds of resources and events in the scenario assume, each thing once. */
function kindAssumptions({ functions, resources }: Nodes): readonly Assumption[] {
  const told = [
    ...[...resources].flatMap(([section, configs]) =>
      [...configs].flatMap(([name, config]) =>
        placed(resourceEntry(section).assumptions?.(config) ?? [], `${section}.${name}`),
      ),
    ),
    ...eventsOf(functions).flatMap(({ event, path }) =>
      placed(eventEntry(event).assumptions?.(event) ?? [], path.join('.')),
    ),
  ]
  const statements = [...new Set(told.map((assumption) => assumption.statement))]
  return statements.map((text) => {
    const same = told.filter((assumption) => assumption.statement === text)
    const alternatives = joinedAlternatives(same.map((one) => one.alternatives ?? []))
    return { ...same[0]!, ...(alternatives.length === 0 ? {} : { alternatives }) }
  })
}

/** With paths of the scenario, where an entry has paths of its own configuration. */
function placed(assumptions: readonly Assumption[], place: string): readonly Assumption[] {
  return assumptions.map((assumption) =>
    assumption.alternatives === undefined
      ? assumption
      : { ...assumption, alternatives: alternativesAt(place, assumption.alternatives) },
  )
}

function callAssumptions({
  functions,
}: Pick<CompiledScenario, 'functions'>): readonly Assumption[] {
  return assumptionsOfSteps(functions.flatMap(({ handler }) => handler.steps))
}

function asynchronousAssumptions({
  functions,
}: Pick<CompiledScenario, 'functions'>): readonly Assumption[] {
  const eventful = functions.filter(({ hasAsynchronousEvents }) => hasAsynchronousEvents)
  if (eventful.length === 0) return []
  const windows = [...new Set(eventful.map(({ asynchronous }) => asynchronous.pollerWindow))]
  return [
    {
      id: 'asynchronous-dispatch',
      statement: `Asynchronous events are tried at once; each throttled one backs off by its own clock, 1 s doubling to 5 min, and when ${windows.join(' or ')} of a function do, the rest wait in order, untried.`,
      confidence: 'assumed',
      source:
        'Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation", for the back-off; the rest is not documented by AWS',
      alternatives: joinedAlternatives(
        eventful.map(({ name, asynchronous }) =>
          alternativesAt(`functions.${name}`, pollerWindowAlternatives(asynchronous.pollerWindow)),
        ),
      ),
    },
  ]
}

type Configs = readonly (readonly [string, FunctionConfig])[]

function namesWhere(configs: Configs, holds: (config: FunctionConfig) => boolean): string {
  const names = allNamesWhere(configs, holds)
  return names.length === configs.length ? '' : names.join(', ')
}

/** What might be otherwise in each of these functions, in all of them at once. */
function alternativesOf(
  names: readonly string[],
  ofFunction: (name: string) => readonly Alternative[],
): readonly Alternative[] {
  return joinedAlternatives(
    names.map((name) => alternativesAt(`functions.${name}`, ofFunction(name))),
  )
}

function allNamesWhere(configs: Configs, holds: (config: FunctionConfig) => boolean): string[] {
  return configs.filter(([, config]) => holds(config)).map(([name]) => name)
}

/** `text` and, unless it is true of every function, of which. */
function statement(text: string, names: string): string {
  return names === '' ? `${text}.` : `${text} (${names}).`
}

function environmentAssumptions(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'functions'>,
  configs: Configs,
): readonly Assumption[] {
  const assumptions: Assumption[] = []
  const isPreset = (config: FunctionConfig): boolean => config.keepAlive === undefined
  const presetIndex = configs.findIndex(([, config]) => isPreset(config))
  const settings = compiled.functions[presetIndex]
  if (settings !== undefined) {
    const { confidence, source } = keepAlivePreset(scenario.platform)
    const { description } = settings.keepAlive
    assumptions.push({
      id: 'keep-alive',
      statement: statement(
        `${description.charAt(0).toUpperCase()}${description.slice(1)}`,
        namesWhere(configs, isPreset),
      ),
      confidence,
      source,
      alternatives: alternativesOf(allNamesWhere(configs, isPreset), () =>
        keepAliveAlternatives(scenario.platform),
      ),
    })
  }
  for (const [, config] of configs) {
    if (config.keepAlive?.policy !== 'preset') continue
    const { platform } = config.keepAlive as { policy: string; platform: number }
    const { confidence, source } = keepAlivePreset(platform)
    const names = namesWhere(configs, (other) => other.keepAlive === config.keepAlive)
    const index = configs.findIndex(([, other]) => other === config)
    const text = compiled.functions[index]?.keepAlive.description ?? ''
    assumptions.push({
      id: 'keep-alive',
      statement: statement(text, names),
      confidence,
      source,
      alternatives: alternativesOf(
        allNamesWhere(configs, (other) => other.keepAlive === config.keepAlive),
        () => keepAliveAlternatives(platform),
      ),
    })
  }
  const selection = (config: FunctionConfig): boolean =>
    config.idleSelection === 'most-recently-used'
  if (configs.some(([, config]) => selection(config))) {
    assumptions.push({
      id: 'idle-selection',
      statement: statement(
        'Of several idle environments the most recently used one serves the next request',
        namesWhere(configs, selection),
      ),
      confidence: 'measured',
      source: 'pacslab/serverless-performance-modeling, 2020: 99.7% of 23,182 choices',
      alternatives: alternativesOf(allNamesWhere(configs, selection), () =>
        IDLE_SELECTIONS.slice(1).map(({ kind }) => ({ label: kind, set: { idleSelection: kind } })),
      ),
    })
  }
  return assumptions
}

type ColdStartParts = Exclude<FunctionConfig['coldStart'], 'none'>

function coldStartAssumptions(configs: Configs): readonly Assumption[] {
  const assumptions: Assumption[] = []
  const add = (
    entry: Omit<Assumption, 'statement' | 'alternatives'> & {
      readonly text: string
      readonly instead: (config: FunctionConfig) => readonly Alternative[]
    },
    holds: (parts: ColdStartParts, config: FunctionConfig) => boolean,
  ): void => {
    // Of a cold start, managed instances have the init only.
    const applies = (config: FunctionConfig): boolean =>
      config.coldStart !== 'none' &&
      (entry.id === 'init' || !isManaged(config)) &&
      holds(config.coldStart, config)
    if (!configs.some(([, config]) => applies(config))) return
    const { text, instead, ...rest } = entry
    assumptions.push({
      ...rest,
      statement: statement(text, namesWhere(configs, applies)),
      alternatives: alternativesOf(allNamesWhere(configs, applies), (name) =>
        instead(configs.find(([other]) => other === name)![1]),
      ),
    })
  }
  add(
    {
      id: 'init',
      text: "Init takes as long as an empty function's over 82 days at any memory, which is less than a real function's",
      confidence: 'measured',
      source: LONG_RUN_INIT_SOURCE,
      instead: initAlternatives,
    },
    (parts, config) => parts.init === undefined && isLongRunInit(config),
  )
  add(
    {
      id: 'init',
      text: "Init takes as long as ten cold starts of an empty function did on one day, which is less than a real function's",
      confidence: 'measured',
      source: COLD_START_SOURCE,
      instead: initAlternatives,
    },
    (parts, config) => parts.init === undefined && !isLongRunInit(config),
  )
  add(
    {
      id: 'first-invocation',
      text: "An environment's first invocation takes longer by what was measured of an empty function",
      confidence: 'measured',
      source: COLD_START_SOURCE,
      instead: firstInvocationAlternatives,
    },
    (parts) => parts.firstInvocation === undefined,
  )
  add(
    {
      id: 'placement',
      text: 'Placement before init is lognormal with a median of 100ms and a p99 of 400ms',
      confidence: 'assumed',
      source: 'not documented by AWS; 50 to 200 ms are inferred from client-side measurements',
      instead: () => PLACEMENT_ALTERNATIVES,
    },
    (parts) => parts.placement === undefined,
  )
  add(
    {
      id: 'restore',
      text: 'A restore takes as long as ten of an empty function did on one day',
      confidence: 'measured',
      source: RESTORE_SOURCE,
      instead: () => RESTORE_ALTERNATIVES,
    },
    (parts, config) =>
      hasSnapStart(config) && parts.restore === undefined && isRestoreMeasured(config.runtime),
  )
  add(
    {
      id: 'restore',
      text: 'A restore is lognormal with a median of 300ms and a p99 of 1s',
      confidence: 'inferred',
      source: 'restores of 100 to 700 ms in reports of users; not documented by AWS',
      instead: () => RESTORE_ALTERNATIVES,
    },
    (parts, config) =>
      hasSnapStart(config) && parts.restore === undefined && !isRestoreMeasured(config.runtime),
  )
  add(
    {
      id: 'proactive-initialisation',
      text: 'Lambda initialises environments unasked, together with those that requests wait for',
      confidence: 'assumed',
      source:
        'aaronstuyvenberg.com, "Understanding Proactive Initialization", 2023-07, for the share; which and when is not documented by AWS',
      instead: () => NO_PROACTIVE_INITS,
    },
    (parts) => parts.proactive > 0,
  )
  add(
    {
      id: 'hand-over',
      text: 'A request that waits for an init keeps to it, even when another environment becomes free',
      confidence: 'assumed',
      source: 'not documented by AWS',
      instead: () => HAND_OVER_ALTERNATIVES,
    },
    ({ handOver }) => handOver === 'never',
  )
  return assumptions
}

function isLongRunInit({
  runtime,
  packageType,
  architectures,
  memorySize,
}: FunctionConfig): boolean {
  return coldStartPreset(runtime, packageType, architectures, memorySize)?.initIsLongRun === true
}
