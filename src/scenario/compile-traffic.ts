/** Producers as the engine wants them. */
import { SINGLE_ATTEMPTS } from '../model/clients/client-settings.ts'
import { clientSettings, retryOf } from '../model/clients/schema.ts'
import type { TrafficSettings, TrafficTarget } from '../model/compiled-scenario.ts'
import { shapeOf } from '../model/messages/schema.ts'
import { arrivalProcess } from '../model/traffic/index.ts'
import { isSynchronous } from '../model/workflow/actions.ts'
import { doorTarget } from './compile-door-target.ts'
import { type Nodes, resolveProducerTarget } from './nodes.ts'
import { type QualifierPlan, qualifierIndex } from './qualifiers.ts'
import type { Scenario } from './schema/scenario.ts'

export function compileTraffic(
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
  if (section === 'apis') return doorTarget(producer, name, nodes)
  if (section === 'stateMachines' && isSynchronous(producer.action)) {
    const client = clientSettings(producer.client, retryOf(producer)) ?? SINGLE_ATTEMPTS
    const machinePath = `stateMachines.${name}`
    return { kind: 'execution', machinePath, functionIndex: null, qualifierIndex: null, client }
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
