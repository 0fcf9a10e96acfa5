/** The types of downstreams. A new one is a file in this folder and a line in this list. */
import { z } from 'zod'
import { createDistribution } from '../distributions/index.ts'
import type { CheckContext, Fault, ResourceEntry } from '../entry.ts'
import { shown } from '../units.ts'
import { cache } from './cache.ts'
import { connectionPool } from './connection-pool/index.ts'
import { degrading } from './degrading.ts'
import { DISTURBANCES } from './disturbances.ts'
import type { DownstreamEntry } from './downstream.ts'
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
  const ways: string[][] = [[bare(to)]]
  const seen = new Set<string>()
  for (const way of ways) {
    const last = way[way.length - 1]!
    if (last === name) return way
    if (seen.has(last)) continue
    seen.add(last)
    const config = context.configOf(last, ['downstreams']) as DownstreamConfig | undefined
    if (config === undefined) continue
    for (const next of callsOf(config)) ways.push([...way, bare(next.to)])
  }
  return null
}

function bare(reference: string): string {
  return reference.replace(/^downstreams\./, '')
}

/** How long a call takes on average where nothing holds it up, us; for forecasts before a run. */
export function meanAnswerUs(name: string, configOf: (name: string) => unknown): number {
  const config = configOf(bare(name)) as DownstreamConfig & Partial<ServiceConfig>
  const own = entryOf(config).meanAnswerUs
  if (own !== undefined) return own(config, (other) => meanAnswerUs(other, configOf))
  return config.service === undefined ? 0 : createDistribution(config.service).mean
}

const UNCALLED =
  'nothing calls it, so that nothing happens there: functions.NAME.handler.calls says who does'

const schemas = DOWNSTREAMS.map(({ schema }) => schema)

/** The section `downstreams`: what handlers call and wait for. */
export const downstream: ResourceEntry<DownstreamConfig> = {
  section: 'downstreams',
  scope: 'downstream',
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
  references: (config) =>
    callsOf(config).map(({ path, to }) => ({
      path,
      to,
      sections: ['downstreams'],
      role: 'what a downstream calls',
      sends: true,
      isAwaited: true,
    })),
  check: circles,
  warnings: (name, config, context) => [
    ...(context.referencesTo('downstreams', name).length > 0 ? [] : [UNCALLED]),
    ...(entryOf(config).warnings?.(config) ?? []),
  ],
  assumptions: (config) => entryOf(config).assumptions?.(config) ?? [],
  settable: [...new Set(DOWNSTREAMS.flatMap(({ settable = [] }) => settable))],
  commands: DISTURBANCES,
  callPhases: (config) => entryOf(config).callPhases ?? ['wait', 'service'],
  create: (name, config, _initial, world) => entryOf(config).create(name, config, world),
}
