/** The behaviours that take part in a scenario and could be otherwise, each with its source. */
import { assumptionsOfClients, type WrittenClient } from '../model/clients/assumptions.ts'
import { retryOf } from '../model/clients/schema.ts'
import type { Assumption, CompiledScenario } from '../model/compiled-scenario.ts'
import {
  COLD_START_SOURCE,
  coldStartPreset,
  LONG_RUN_INIT_SOURCE,
} from '../model/compute/cold-start-presets.ts'
import { keepAlivePreset } from '../model/compute/keep-alive/preset.ts'
import { isRestoreMeasured, RESTORE_SOURCE } from '../model/compute/restore-presets.ts'
import { assumptionsOfSteps } from '../model/handler/call-assumptions.ts'
import { assumptionsOfVpcs } from '../model/network/assumptions.ts'
import { hasSnapStart } from './compile-function.ts'
import { eventEntry, eventsOf, type Nodes, nodesOf, resourceEntry } from './nodes.ts'
import { provisionedAssumptions } from './provisioned-assumptions.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { Scenario } from './schema/scenario.ts'

const SYNCHRONOUS_LIMITS = 'Lambda developer guide, "Understanding Lambda function scaling"'

/** In the order in which they matter to most scenarios. */
export function assumptionsOf(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'functions' | 'account' | 'traffic' | 'timeline'>,
): readonly Assumption[] {
  const configs = Object.entries(scenario.functions)
  return [
    ...assumptionsOfClients(callersOf(scenario, compiled)),
    ...environmentAssumptions(scenario, compiled, configs),
    ...coldStartAssumptions(configs),
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
      [...configs.values()].flatMap((config) => resourceEntry(section).assumptions?.(config) ?? []),
    ),
    ...eventsOf(functions).flatMap(({ event }) => eventEntry(event).assumptions?.(event) ?? []),
  ]
  return told.filter(
    ({ statement: text }, index) => told.findIndex((other) => other.statement === text) === index,
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
    },
  ]
}

type Configs = readonly (readonly [string, FunctionConfig])[]

function namesWhere(configs: Configs, holds: (config: FunctionConfig) => boolean): string {
  const names = configs.filter(([, config]) => holds(config)).map(([name]) => name)
  return names.length === configs.length ? '' : names.join(', ')
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
    })
  }
  for (const [, config] of configs) {
    if (config.keepAlive?.policy !== 'preset') continue
    const { platform } = config.keepAlive as { policy: string; platform: number }
    const { confidence, source } = keepAlivePreset(platform)
    const names = namesWhere(configs, (other) => other.keepAlive === config.keepAlive)
    const index = configs.findIndex(([, other]) => other === config)
    const text = compiled.functions[index]?.keepAlive.description ?? ''
    assumptions.push({ id: 'keep-alive', statement: statement(text, names), confidence, source })
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
    })
  }
  return assumptions
}

type ColdStartParts = Exclude<FunctionConfig['coldStart'], 'none'>

function coldStartAssumptions(configs: Configs): readonly Assumption[] {
  const assumptions: Assumption[] = []
  const add = (
    entry: Omit<Assumption, 'statement'> & { readonly text: string },
    holds: (parts: ColdStartParts, config: FunctionConfig) => boolean,
  ): void => {
    const applies = (config: FunctionConfig): boolean =>
      config.coldStart !== 'none' && holds(config.coldStart, config)
    if (!configs.some(([, config]) => applies(config))) return
    const { text, ...rest } = entry
    assumptions.push({ ...rest, statement: statement(text, namesWhere(configs, applies)) })
  }
  add(
    {
      id: 'init',
      text: "Init takes as long as an empty function's over 82 days at any memory, which is less than a real function's",
      confidence: 'measured',
      source: LONG_RUN_INIT_SOURCE,
    },
    (parts, config) => parts.init === undefined && isLongRunInit(config),
  )
  add(
    {
      id: 'init',
      text: "Init takes as long as ten cold starts of an empty function did on one day, which is less than a real function's",
      confidence: 'measured',
      source: COLD_START_SOURCE,
    },
    (parts, config) => parts.init === undefined && !isLongRunInit(config),
  )
  add(
    {
      id: 'first-invocation',
      text: "An environment's first invocation takes longer by what was measured of an empty function",
      confidence: 'measured',
      source: COLD_START_SOURCE,
    },
    (parts) => parts.firstInvocation === undefined,
  )
  add(
    {
      id: 'placement',
      text: 'Placement before init is lognormal with a median of 100ms and a p99 of 400ms',
      confidence: 'assumed',
      source: 'not documented by AWS; 50 to 200 ms are inferred from client-side measurements',
    },
    (parts) => parts.placement === undefined,
  )
  add(
    {
      id: 'restore',
      text: 'A restore takes as long as ten of an empty function did on one day',
      confidence: 'measured',
      source: RESTORE_SOURCE,
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
    },
    (parts) => parts.proactive > 0,
  )
  add(
    {
      id: 'hand-over',
      text: 'A request that waits for an init keeps to it, even when another environment becomes free',
      confidence: 'assumed',
      source: 'not documented by AWS',
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

function limitAssumptions(
  compiled: Pick<CompiledScenario, 'functions' | 'account'>,
): readonly Assumption[] {
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

/** Who waits for answers. */
function callersOf(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'traffic'>,
): readonly WrittenClient[] {
  return Object.entries(scenario.traffic)
    .filter((_, index) => compiled.traffic[index]?.target.kind !== 'handover')
    .map(([name, producer]) => ({
      name,
      client: producer.client ?? {},
      retry: retryOf(producer),
    }))
}

function callerAssumptions(
  scenario: Scenario,
  compiled: Pick<CompiledScenario, 'account' | 'traffic'>,
): readonly Assumption[] {
  const assumptions: Assumption[] = []
  const callers = callersOf(scenario, compiled)
  const silent = callers.filter(({ retry }) => retry === undefined)
  if (silent.length > 0) {
    const names =
      silent.length === callers.length ? '' : ` (${silent.map(({ name }) => name).join(', ')})`
    assumptions.push({
      id: 'no-retries',
      statement: `Callers do not retry what was throttled or failed; an AWS SDK would, twice by default${names}.`,
      confidence: 'assumed',
      source: 'AWS SDKs and tools reference guide, "Retry behavior"',
    })
  }
  if (compiled.account.otherUnreservedConcurrency === 0) {
    assumptions.push({
      id: 'other-functions',
      statement: 'No other function in the account uses any concurrency.',
      confidence: 'assumed',
      source: 'account.otherFunctions.unreservedConcurrency is left out or 0',
    })
  }
  return assumptions
}
