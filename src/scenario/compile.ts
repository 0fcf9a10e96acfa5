/** A validated scenario as the engine wants it. Every default is applied, references are indexes. */

import { formatDuration } from '../kernel/time.ts'
import { SINGLE_ATTEMPTS } from '../model/clients/client-settings.ts'
import { clientSettings, retryOf } from '../model/clients/schema.ts'
import type {
  CompiledScenario,
  FunctionSettings,
  PartSettings,
  Threshold,
  TimelineAction,
  TrafficSettings,
  TrafficTarget,
} from '../model/compiled-scenario.ts'
import { coldStartPreset } from '../model/compute/cold-start-presets.ts'
import { scalingRule } from '../model/compute/platform-timeline.ts'
import type { Distribution } from '../model/distributions/distribution.ts'
import type { DistributionChoice } from '../model/distributions/index.ts'
import { accountLimit } from '../model/doors/account-limit.ts'
import { meanAnswerUs } from '../model/downstream/index.ts'
import { shapeOf } from '../model/messages/schema.ts'
import { arrivalProcess } from '../model/traffic/index.ts'
import { workflowQuotas } from '../model/workflow/limits.ts'
import { assumptionsOf } from './assumptions.ts'
import { edgeOf } from './checks/nodes.ts'
import { compileFunction } from './compile-function.ts'
import { routeOf } from './door-routes.ts'
import {
  clocksOf,
  eventEntry,
  eventsOf,
  flowsOf,
  functionsWithEvents,
  type Nodes,
  nodesOf,
  placedReferences,
  resolveProducerTarget,
  resolveTarget,
  resourceEntry,
} from './nodes.ts'
import { planQualifiers, type QualifierPlan, qualifierIndex } from './qualifiers.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { Scenario } from './schema/scenario.ts'

export interface CompileContext {
  /** The memory for which each handler's duration was written, where it is not the current one. */
  readonly writtenMemoryMb: ReadonlyMap<string, number>
  readonly distribution: (choice: DistributionChoice) => Distribution
  readonly timeline: readonly TimelineAction[]
  readonly thresholds: readonly Threshold[]
  /** Found by the checks; what compiling finds is added. */
  readonly warnings: readonly string[]
}

/** Expects what the checks let through; throws a RangeError for anything else. */
export function compileScenario(scenario: Scenario, context: CompileContext): CompiledScenario {
  const plans = new Map(
    Object.entries(scenario.functions).map(([name, config]) => [name, planQualifiers(config)]),
  )
  const configs = new Map<string, FunctionConfig>(Object.entries(scenario.functions))
  const nodes = nodesOf(scenario)
  // Before the functions: a reference may add a version.
  const traffic = Object.entries(scenario.traffic).map(([name, producer]) =>
    compileTraffic(name, producer, scenario, nodes, plans),
  )
  planReferences(nodes, plans)
  const eventful = functionsWithEvents(nodes, Object.values(scenario.traffic))
  const functions = [...configs].map(([name, config]) =>
    compileOne(name, config, scenario, plans.get(name), context, eventful.has(name)),
  )
  const account: CompiledScenario['account'] = {
    region: scenario.account.region,
    concurrentExecutions: scenario.account.concurrentExecutions,
    otherUnreservedConcurrency: scenario.account.otherFunctions.unreservedConcurrency,
    scaling: scalingRule(scenario.platform, scenario.account.region),
    gatewayLimit: scenario.account.apiGateway ?? accountLimit(scenario.account.region),
    workflowQuotas: workflowQuotas(scenario.account.region, scenario.account.stepFunctions),
  }
  const parts = {
    account,
    functions,
    parts: [...compileResources(nodes.resources, scenario), ...compileEvents(configs)],
    traffic,
    flows: flowsOf(nodes, scenario.platform),
    clocks: clocksOf(nodes, { startsAtMs: scenario.startsAt, durationUs: scenario.duration }),
    intakes: intakesOf(nodes.resources, scenario),
    initialBacklogs: initialBacklogsOf(nodes.resources, scenario),
    timeline: context.timeline,
  }
  return {
    name: scenario.name,
    description: scenario.description,
    durationUs: scenario.duration,
    warmUpUs: scenario.warmUp,
    metricsPeriodUs: scenario.metricsPeriod,
    drain: scenario.drain,
    maximumDrainUs: scenario.maximumDrain,
    seed: String(scenario.seed),
    platform: scenario.platform,
    startsAtMs: scenario.startsAt,
    ...parts,
    thresholds: context.thresholds,
    assumptions: assumptionsOf(scenario, parts),
    warnings: [
      ...context.warnings,
      ...presetWarnings(configs),
      ...timeoutWarnings(parts),
      ...trafficWarnings(scenario),
    ],
  }
}

function compileOne(
  name: string,
  config: FunctionConfig,
  scenario: Scenario,
  plan: QualifierPlan | undefined,
  { writtenMemoryMb, distribution }: CompileContext,
  hasAsynchronousEvents: boolean,
): FunctionSettings {
  const finished = plan ?? planQualifiers(config)
  const downstreams = nodesOf(scenario).resources.get('downstreams') ?? new Map()
  const initial = initialOf(scenario, name)
  const ready = initial?.provisionedConcurrentExecutions
  if (ready !== undefined) {
    const index = finished.qualifiers.findIndex((qualifier) => qualifier.hasProvisionedConcurrency)
    const qualifier = finished.qualifiers[index]
    if (qualifier === undefined) throw new RangeError(`${name} has no provisioned concurrency`)
    finished.qualifiers[index] = { ...qualifier, initialProvisionedConcurrency: ready }
  }
  return compileFunction(name, config, {
    platform: scenario.platform,
    plan: finished,
    writtenMemoryMb: writtenMemoryMb.get(name) ?? config.memorySize,
    initialEnvironments: initial?.environments ?? 0,
    hasAsynchronousEvents,
    distribution,
    meanAnswerUs: (downstream) => meanAnswerUs(downstream, (other) => downstreams.get(other)),
  })
}

function compileResources(resources: Nodes['resources'], scenario: Scenario): PartSettings[] {
  const initial: Readonly<Record<string, unknown>> = scenario.initial
  return [...resources].flatMap(([section, configs]) => {
    const entry = resourceEntry(section)
    const atStart = (initial[section] ?? {}) as Readonly<Record<string, unknown>>
    return [...configs].map(([name, config]) => ({
      path: `${section}.${name}`,
      scope: entry.scope,
      name,
      metrics: entry.metrics?.(config as never) ?? null,
      create: (world) => entry.create(name, config, atStart[name], world),
    }))
  })
}

function intakesOf(
  resources: Nodes['resources'],
  { platform, account: { region } }: Scenario,
): CompiledScenario['intakes'] {
  return [...resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) => {
      const limits = resourceEntry(section).intake?.(config, { platform, region }) ?? []
      return limits.length === 0 ? [] : [{ path: `${section}.${name}`, name, limits }]
    }),
  )
}

function initialBacklogsOf(
  resources: Nodes['resources'],
  scenario: Scenario,
): CompiledScenario['initialBacklogs'] {
  return [...resources.keys()].flatMap((section) => {
    const { scope } = resourceEntry(section)
    const initial = (scenario.initial as Readonly<Record<string, unknown>>)[section] ?? {}
    return Object.entries(initial).map(([name, { messages, records }]) => ({
      path: `${section}.${name}`,
      scope,
      name,
      count: messages ?? records ?? 0,
    }))
  })
}

function compileEvents(functions: Nodes['functions']): PartSettings[] {
  return eventsOf(functions).map(({ functionName, eventName, event }) => {
    const edge = edgeOf(functionName, eventName, event)
    const { qualifier } = event
    const reference = qualifier === undefined ? functionName : `${functionName}:${qualifier}`
    return {
      path: edge.path,
      scope: 'event',
      name: edge.name,
      metrics: eventEntry(event).metrics?.(event) ?? [],
      create: (world) => eventEntry(event).create(edge, world.qualifier(reference), world),
    }
  })
}

/** Qualifiers that only references name become part of their functions' plans. */
function planReferences(nodes: Nodes, plans: ReadonlyMap<string, QualifierPlan>): void {
  for (const { to, sections } of placedReferences(nodes)) {
    const resolution = resolveTarget(nodes, to, sections)
    if (!resolution.ok || resolution.node.section !== 'functions') continue
    qualifierIndex(plans.get(resolution.node.name)!, resolution.node.qualifier)
  }
  for (const { functionName, event } of eventsOf(nodes.functions)) {
    qualifierIndex(plans.get(functionName)!, event.qualifier ?? '')
  }
}

function initialOf(scenario: Scenario, name: string) {
  const functions = scenario.initial.functions ?? {}
  return Object.hasOwn(functions, name) ? functions[name] : undefined
}

function compileTraffic(
  name: string,
  producer: Scenario['traffic'][string],
  scenario: Scenario,
  nodes: Nodes,
  plans: ReadonlyMap<string, QualifierPlan>,
): TrafficSettings {
  const process = arrivalProcess(producer.process)
  const run = { durationUs: scenario.duration, startsAtMs: scenario.startsAt }
  return {
    name,
    target: compileTarget(producer, nodes, plans),
    arrivals: process.create(producer, run),
    description: process.describe(producer),
    expectedRequests: process.expectedRequests(producer, run),
    peakRatePerSecond: process.peakRatePerSecond(producer, run),
    ...(process.rateProfile && { rateProfile: () => process.rateProfile!(producer, run) }),
  }
}

function compileTarget(
  producer: Scenario['traffic'][string],
  nodes: Nodes,
  plans: ReadonlyMap<string, QualifierPlan>,
): TrafficTarget {
  const resolution = resolveProducerTarget(nodes, producer.to)
  if (!resolution.ok) throw new RangeError(resolution.message)
  const { section, name, qualifier } = resolution.node
  const isFunction = section === 'functions'
  const functionIndex = isFunction ? [...nodes.functions.keys()].indexOf(name) : null
  const index = isFunction ? qualifierIndex(plans.get(name)!, qualifier) : null
  if (functionIndex !== null && index !== null && producer.invocationType !== 'Event') {
    const client = clientSettings(producer.client, retryOf(producer))
    return {
      kind: 'synchronous',
      functionIndex,
      qualifierIndex: index,
      ...(client && { client }),
    }
  }
  if (section === 'apis') {
    const route = producer.route === undefined ? null : routeOf(nodes, name, producer.route)
    if (route?.ok === false) throw new RangeError(route.message)
    return {
      kind: 'door',
      doorPath: `apis.${name}`,
      routePath: route?.path ?? null,
      functionIndex: null,
      qualifierIndex: null,
      client: clientSettings(producer.client, retryOf(producer)) ?? SINGLE_ATTEMPTS,
    }
  }
  return {
    kind: 'handover',
    reference: producer.to,
    section,
    functionIndex,
    qualifierIndex: index,
    shape: shapeOf(producer),
    batch: producer.batch ?? 1,
  }
}

/** An empty function's init flatters: said in every output. */
function presetWarnings(configs: ReadonlyMap<string, FunctionConfig>): readonly string[] {
  return [...configs].flatMap(([name, config]) => {
    const { coldStart, runtime, packageType, architectures, memorySize } = config
    if (coldStart === 'none' || coldStart.init !== undefined) return []
    const preset = coldStartPreset(runtime, packageType, architectures, memorySize)
    if (preset === null) return []
    const origin = preset.initIsLongRun ? 'over 82 days' : 'of ten cold starts on one day'
    return [
      `functions.${name}: init is an empty function's measured init (median ${preset.initMedianMs} ms ${origin}); real functions commonly take 3 to 20 times that; state coldStart.init`,
    ]
  })
}

/** A handler that never ends in time. */
function timeoutWarnings({
  functions,
  timeline,
}: Pick<CompiledScenario, 'functions' | 'timeline'>): readonly string[] {
  const isChanged = (index: number): boolean =>
    timeline.some(
      (action) =>
        action.kind === 'set' &&
        action.change.kind === 'timeout' &&
        action.change.functionIndex === index,
    )
  return functions.flatMap(({ name, handler, timeoutUs }, index) =>
    handler.duration.cumulative(timeoutUs) > 0 || isChanged(index)
      ? []
      : [
          `functions.${name}: every invocation times out: the handler's duration is always longer than the timeout of ${formatDuration(timeoutUs)}`,
        ],
  )
}

function trafficWarnings(scenario: Scenario): readonly string[] {
  const run = { durationUs: scenario.duration, startsAtMs: scenario.startsAt }
  return Object.entries(scenario.traffic).flatMap(([name, producer]) =>
    arrivalProcess(producer.process)
      .warnings(producer, run)
      .map((warning) => `traffic.${name}: ${warning}`),
  )
}
