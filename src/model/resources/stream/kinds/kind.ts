import type { z } from 'zod'
import type { Assumption } from '../../../compiled-scenario.ts'
import type { PlatformMonth } from '../../../compute/platform-timeline.ts'
import type { Fault, Intake } from '../../../entry.ts'
import type { Charge } from '../../../pricing/charge.ts'
import { wholeNumber } from '../../../units.ts'
import type { Stream } from '../stream.ts'

export const MOST_SHARDS = 20_000

/** A number of shards or partitions. */
export function shardNumber(what: string) {
  return wholeNumber(what, 1, MOST_SHARDS)
}

/** A type of stream. What it does not need it leaves out. */
export interface StreamKind<Config = unknown> {
  readonly kind: string
  /** Half a sentence for the reference page. */
  readonly summary: string
  /** The YAML keys that no other type has. */
  readonly keys: z.ZodRawShape
  /** By a key of another type: the own one that means the same. */
  readonly synonyms: Readonly<Record<string, string>>
  /** The event type that reads it. */
  readonly eventType: string
  readonly defaultRetentionUs: number
  /** Whether its shards take and give no more than Kinesis's limits. */
  readonly isLimited: boolean
  faults?(config: Config, retentionUs: number): readonly Fault[]
  /** Shards or partitions at the start. */
  shardsOf(config: Config): number
  /** Whether its shards follow the traffic. */
  isOnDemand?(config: Config): boolean
  largestRecordBytes(config: Config, platform: PlatformMonth): number
  assumptions?(config: Config): readonly Assumption[]
  /** How much may be written in a second, for explain; left out: any amount. */
  intake?(config: Config): readonly Intake[]
  bill?(config: Config, retentionUs: number): readonly Charge<Stream>[]
  /** Why it may not be given that many shards. */
  reshardFault?(name: string, config: Config, shardCount: number): string | undefined
}
