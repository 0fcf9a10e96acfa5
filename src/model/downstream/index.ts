/** The types of downstreams. A new one is a file in this folder and a line in this list. */
import { z } from 'zod'
import { createDistribution } from '../distributions/index.ts'
import type { CheckContext, Fault, Reference, ResourceEntry } from '../entry.ts'
import { assumptionsOfWay } from '../network/assumptions.ts'
import { type DownstreamNetwork, downstreamNetworkSchema } from '../network/schema.ts'
import { bareName } from '../node-names.ts'
import { shown } from '../units.ts'
import { cache } from './cache.ts'
import { connectionPool } from './connection-pool/index.ts'
import { degrading } from './degrading.ts'
import { DISTURBANCES } from './disturbances.ts'
import type { DownstreamEntry, ExpectedAnswer } from './downstream.ts'
import type { ServiceConfig } from './keys.ts'
import { queueingService } from './queueing-service.ts'
import { rateLimited } from './rate-limited.ts'

export const DOWNSTREAMS: readonly DownstreamEntry<never>[] = [
  connectionPool,
  queueingService,
  rateLimited,
  degrading,
  cache,
]

interface DownstreamConfig {
  readonly type: string
  readonly network?: DownstreamNetwork | undefined
}

function entryOf({ type }: DownstreamConfig): DownstreamEntry {
  const entry = DOWNSTREAMS.find(({ kind }) => kind === type)
  if (entry === undefined) throw new RangeError(`there is no downstream type ${type}`)
  return entry as unknown as DownstreamEntry
}

function callsOf(config: DownstreamConfig) {
  return entryOf(config).calls?.(config) ?? []
}

/** A call that comes back to where it began would go round for ever. */
function circles(name: string, config: DownstreamConfig, context: CheckContext): readonly Fault[] {
  return callsOf(config).flatMap(({ path, to }): Fault[] => {
    const round = wayBack(name, to, context)
    if (round === null) return []
    const message =
      round.length === 1
        ? `${name} calls itself`
        : `calls go round in a circle: ${[name, ...round].join(' -> ')}`
    return [{ path, message }]
  })
}

/** The way from `to` back to `name`; null: there is none. */
function wayBack(name: string, to: string, context: CheckContext): readonly string[] | null {
  const ways: string[][] = [[bareName(to)]]
  const seen = new Set<string>()
  for (const way of ways) {
    const last = way[way.length - 1]!
    if (last === name) return way
    if (seen.has(last)) continue
    seen.add(last)
    const config = context.configOf(last, ['downstreams']) as DownstreamConfig | undefined
    if (config === undefined) continue
    for (const next of callsOf(config)) ways.push([...way, bareName(next.to)])
  }
  return null
}

/** What a downstream answers where nothing holds it up. */
function expectedAnswerOf(
  config: DownstreamConfig,
  othersOf: (name: string) => ExpectedAnswer,
): ExpectedAnswer {
  const { network, service, errorRate = 0 } = config as DownstreamConfig & Partial<ServiceConfig>
  const travelUs = network?.roundTrip === undefined ? 0 : createDistribution(network.roundTrip).mean
  const there = entryOf(config).expectedAnswer?.(config, othersOf) ?? {
    meanAnswerUs: service === undefined ? 0 : createDistribution(service).mean,
    errorRate,
  }
  return { ...there, meanAnswerUs: travelUs + there.meanAnswerUs }
}

function natReferences({ network }: DownstreamConfig): readonly Reference[] {
  if (network?.natGateway === undefined) return []
  const path = ['network', 'natGateway']
  const role = 'what leads to a downstream'
  return [{ path, to: network.natGateway, sections: ['natGateways'], role, sends: false }]
}

const UNCALLED =
  'nothing calls it, so that nothing happens there: functions.NAME.handler.calls says who does'

/** Only functions in a VPC go through a NAT gateway. */
function gatewayWarnings(
  name: string,
  { network }: DownstreamConfig,
  { configOf, referencesTo }: CheckContext,
): readonly string[] {
  const callers = referencesTo('downstreams', name).map(({ path }) => path.split('.'))
  const isInVpc = ([section, caller = '']: readonly string[]): boolean => {
    if (section !== 'functions') return false
    const config = configOf(`functions.${caller}`, ['functions']) as { vpcConfig?: unknown }
    return config?.vpcConfig !== undefined
  }
  if (network?.natGateway === undefined || callers.length === 0 || callers.some(isInVpc)) return []
  return ['network.natGateway has no effect: no function in a VPC calls it']
}

/** What says how functions get to it is the same for all types, which do not see it. */
const schemas = DOWNSTREAMS.map(({ schema }) =>
  schema.extend({
    network: downstreamNetworkSchema.optional().meta({
      description: 'The way to it from functions, as far as handlers call it.',
    }),
  }),
)

/** The section `downstreams`: what handlers call and wait for. */
export const downstream: ResourceEntry<DownstreamConfig> = {
  section: 'downstreams',
  scope: 'downstream',
  isNoTarget: true,
  summary: 'Systems that handlers call and wait for: databases, services, caches.',
  schema: z.discriminatedUnion(
    'type',
    schemas as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
    {
      error: (issue) => {
        if (issue.code !== 'invalid_union') return undefined
        const { type } = issue.input as { type?: unknown }
        const known = DOWNSTREAMS.map(({ kind }) => kind).join(', ')
        return `${shown(type)} is no known type of downstream: known are ${known}`
      },
    },
  ),
  references: (config) => [
    ...callsOf(config).map(
      ({ path, to }): Reference => ({
        path,
        to,
        sections: ['downstreams'],
        role: 'what a downstream calls',
        sends: true,
        isAwaited: true,
      }),
    ),
    ...natReferences(config),
  ],
  check: circles,
  warnings: (name, config, context) => [
    ...(context.referencesTo('downstreams', name).length > 0 ? [] : [UNCALLED]),
    ...gatewayWarnings(name, config, context),
    ...(entryOf(config).warnings?.(config) ?? []),
  ],
  assumptions: (config) => [
    ...(entryOf(config).assumptions?.(config) ?? []),
    ...assumptionsOfWay(config.network),
  ],
  settable: [...new Set(DOWNSTREAMS.flatMap(({ settable = [] }) => settable))],
  commands: DISTURBANCES,
  bill: (config) => entryOf(config).bill?.(config) ?? [],
  expectedAnswer: expectedAnswerOf,
  callLimits: (config) => entryOf(config).callLimits?.(config) ?? [],
  callPhases: (config) => [
    ...(config.network === undefined ? [] : (['network'] as const)),
    ...(entryOf(config).callPhases ?? (['wait', 'service'] as const)),
  ],
  create: (name, config, _initial, world) => {
    if (config.network !== undefined) world.routes.declare(name, config.network)
    return entryOf(config).create(name, config, world)
  },
}
