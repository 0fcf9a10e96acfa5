/** The types of downstreams. A new one is a file in this folder and a line in this list. */
import { z } from 'zod'
import type { ResourceEntry } from '../entry.ts'
import { cache } from './cache.ts'
import { connectionPool } from './connection-pool/index.ts'
import { degrading } from './degrading.ts'
import { DISTURBANCES } from './disturbances.ts'
import type { DownstreamEntry } from './downstream.ts'
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

const schemas = DOWNSTREAMS.map(({ schema }) => schema)

/** The section `downstreams`: what handlers call and wait for. */
export const downstream: ResourceEntry<DownstreamConfig> = {
  section: 'downstreams',
  scope: 'downstream',
  summary: 'Systems that handlers call and wait for: databases, services, caches.',
  schema: z.discriminatedUnion(
    'type',
    schemas as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
  ),
  references: (config) =>
    (entryOf(config).calls?.(config) ?? []).map(({ path, to }) => ({
      path,
      to,
      sections: ['downstreams'],
      role: 'what a downstream calls',
      sends: true,
      isAwaited: true,
    })),
  assumptions: (config) => entryOf(config).assumptions?.(config) ?? [],
  settable: [...new Set(DOWNSTREAMS.flatMap(({ settable = [] }) => settable))],
  commands: DISTURBANCES,
  create: (name, config, _initial, world) => entryOf(config).create(name, config, world),
}
