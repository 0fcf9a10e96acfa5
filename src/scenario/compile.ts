/** A validated scenario as the engine wants it. Every default is applied, references are indexes. */

import { formatDuration } from '../kernel/time.ts'
import type {
  CompiledScenario,
  FunctionSettings,
  PartSettings,
  Threshold,
  TimelineAction,
} from '../model/compiled-scenario.ts'
import { coldStartPreset } from '../model/compute/cold-start-presets.ts'
import type { CapacityProviderConfig } from '../model/compute/managed-instances/schema.ts'
import { scalingRule } from '../model/compute/platform-timeline.ts'
import type { Distribution } from '../model/distributions/distribution.ts'
import type { DistributionChoice } from '../model/distributions/index.ts'
import { gatewayQuotas } from '../model/doors/account-limits.ts'
import { workflowQuotas } from '../model/workflow/limits.ts'
import { assumptionsOf } from './assumptions.ts'
import { edgeOf } from './checks/nodes.ts'
import { compileFunction } from './compile-function.ts'
import { initWarnings } from './compile-managed.ts'
import { compileTraffic } from './compile-traffic.ts'
import { doorLimits } from './door-limits.ts'
import { expectedAnswerOf } from './expected-answer.ts'
import {
  clocksOf,
  configReader,
  eventEntry,
  eventsOf,
  flowsOf,
  functionsWithEvents,
  type Nodes,
  nodesOf,
  placedReferences,
  resolveTarget,
  resourceEntry,
} from './nodes.ts'
import { priceAssumptions, unbilledReason } from './prices.ts'
import { planQualifiers, type QualifierPlan, qualifierIndex } from './qualifiers.ts'
import { billingPlan } from './schema/billing.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { Scenario } from './schema/scenario.ts'
import { trafficWarnings } from './traffic-warnings.ts'
import { workflowLimits } from './workflow-limits.ts'

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
    gatewayQuotas: gatewayQuotas(scenario.account.region, scenario.account.apiGateway),
    workflowQuotas: workflowQuotas(scenario.account.region, scenario.account.stepFunctions),
  }
  const parts = {
    account,
    functions,
    parts: [...compileResources(nodes, scenario), ...compileEvents(nodes)],
    traffic,
    flows: flowsOf(nodes, scenario.platform),
    clocks: clocksOf(nodes, { startsAtMs: scenario.startsAt, durationUs: scenario.duration }),
    intakes: intakesOf(nodes.resources, scenario),
    calledNodes: calledNodesOf(nodes.resources, scenario),
    doorLimits: doorLimits(scenario),
    workflowLimits: workflowLimits(nodes.resources, account.workflowQuotas),
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
    billing: billingPlan(scenario.billing),
    unbilled: unbilledReason(scenario, parts),
    thresholds: context.thresholds,
    assumptions: [...assumptionsOf(scenario, parts), ...priceAssumptions(scenario, parts)],
    warnings: [
      ...context.warnings,
      ...presetWarnings(configs),
      ...timeoutWarnings(parts),
      ...initWarnings(parts.functions),
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
  const { resources } = nodesOf(scenario)
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
    capacityProviderOf: (provider) =>
      resources.get('capacityProviders')!.get(provider) as CapacityProviderConfig,
    isPendingAtStart: initial?.state === 'Pending',
    distribution,
    expectedAnswerOf: (section, called) => expectedAnswerOf(resources, section, called),
  })
}

function compileResources(nodes: Nodes, scenario: Scenario): PartSettings[] {
  const context = { configOf: configReader(nodes) }
  const initial: Readonly<Record<string, unknown>> = scenario.initial
  return [...nodes.resources].flatMap(([section, configs]) => {
    const entry = resourceEntry(section)
    const atStart = (initial[section] ?? {}) as Readonly<Record<string, unknown>>
    return [...configs].map(([name, config]) => ({
      path: `${section}.${name}`,
      scope: entry.scope,
      name,
      metrics: entry.metrics?.(config as never) ?? null,
      callPhases: entry.callPhases?.(config as never) ?? [],
      charges: entry.bill?.(config as never, context) ?? [],
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

function calledNodesOf(
  resources: Nodes['resources'],
  { platform }: Scenario,
): CompiledScenario['calledNodes'] {
  return [...resources].flatMap(([section, configs]) =>
    [...configs].flatMap(([name, config]) => {
      const limits = resourceEntry(section).callLimits?.(config, { platform }) ?? []
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

function compileEvents(nodes: Nodes): PartSettings[] {
  const context = { configOf: configReader(nodes) }
  return eventsOf(nodes.functions).map(({ functionName, eventName, event }) => {
    const edge = edgeOf(functionName, eventName, event)
    const { qualifier } = event
    const reference = qualifier === undefined ? functionName : `${functionName}:${qualifier}`
    return {
      path: edge.path,
      scope: 'event',
      name: edge.name,
      metrics: eventEntry(event).metrics?.(event) ?? [],
      charges: eventEntry(event).bill?.(event, context) ?? [],
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
