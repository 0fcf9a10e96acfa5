import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { BusiestSecond } from '../../compute/busiest-second.ts'
import { ClosestApproach } from '../../compute/closest-approach.ts'
import { TokenBucket } from '../../compute/token-bucket.ts'

/** How a request fares: within all limits, over that of its partition, over that of the table. */
export const WITHIN = 0
export const OVER_PARTITION = 1
export const OVER_TABLE = 2

export type Fit = 0 | 1 | 2

export interface ThroughputSettings {
  /** Units a second of the whole table. */
  readonly perSecond: number
  /** Unused capacity is kept for so many seconds. */
  readonly burstSeconds: number
  /** Units a second that one partition gives, whatever the table has. */
  readonly partitionPerSecond: number
  readonly partitions: number
  /** false: each partition has its even share of the table, and no more. */
  readonly isAdaptive: boolean
}

const HASHES = 4_294_967_296

interface Partition {
  readonly limit: TokenBucket
  readonly mostUnits: BusiestSecond
  /** Its part of the table's capacity; null: it draws on the whole table. */
  readonly share: TokenBucket | null
}

/**
 * The reads, or the writes, that a table answers: a token bucket for the table that keeps unused
 * capacity for a while, and one for each partition that keeps a second's worth (assumed). With
 * adaptive capacity a partition may use whatever the table has left, up to its own limit; without,
 * only its even share.
 * Source: DynamoDB developer guide, "Burst and adaptive capacity".
 */
export class Throughput {
  private settings: ThroughputSettings
  private readonly table: TokenBucket
  private partitions: readonly Partition[]
  private readonly closest: ClosestApproach
  private secondEndUs = 0
  private secondUnits = 0
  /** The busiest second of a partition before there were other partitions. */
  private formerMost = 0

  constructor(settings: ThroughputSettings) {
    this.settings = settings
    this.table = new TokenBucket(settings.perSecond, settings.perSecond * settings.burstSeconds)
    this.partitions = partitionsOf(settings, this.table.capacityTokens)
    this.closest = new ClosestApproach(this.kept)
  }

  get perSecond(): number {
    return this.settings.perSecond
  }

  /** Takes the units of a request if all of them are there; `hash` of its key, an int32. */
  take(nowUs: number, units: number, hash: number): Fit {
    const { limit, mostUnits, share } = this.partitionOf(hash)
    if (!holds(limit, nowUs, units)) {
      mostUnits.refuse()
      return OVER_PARTITION
    }
    const paying = share ?? this.table
    if (!holds(paying, nowUs, units)) {
      this.closest.rise(this.kept)
      return share === null ? OVER_TABLE : OVER_PARTITION
    }
    limit.takeSeveral(units)
    paying.takeSeveral(units)
    mostUnits.count(nowUs, units)
    this.note(nowUs, units, paying)
    return WITHIN
  }

  /** The table has other capacity, or more partitions; unused capacity stays what it is. */
  resize(nowUs: number, perSecond: number, partitions: number): void {
    const { settings } = this
    this.settings = { ...settings, perSecond, partitions }
    this.table.resize(nowUs, perSecond, perSecond * settings.burstSeconds)
    if (partitions !== settings.partitions) {
      this.formerMost = this.partitionUse.used
      const left = this.unusedShares(nowUs) / partitions
      this.partitions = partitionsOf(this.settings, left)
    }
    const share = perSecond / partitions
    for (const partition of this.partitions) {
      partition.share?.resize(nowUs, share, share * settings.burstSeconds)
    }
    this.closest.changeLimit(this.kept, 0)
  }

  /**
   * How close it came to what the table gives: of capacity that is kept for long, how much was
   * drawn; else the busiest second.
   */
  get tableUse(): { readonly used: number; readonly available: number } {
    return this.closest.read()
  }

  get partitionUse(): { readonly used: number; readonly available: number } {
    let used = this.formerMost
    for (const { mostUnits } of this.partitions) used = Math.max(used, mostUnits.used)
    return { used: Math.ceil(used), available: this.settings.partitionPerSecond }
  }

  /** What the bucket that is drawn on holds at most. */
  private get kept(): number {
    const { perSecond, burstSeconds, isAdaptive, partitions } = this.settings
    return (perSecond * burstSeconds) / (isAdaptive ? 1 : partitions)
  }

  private partitionOf(hash: number): Partition {
    const { partitions } = this
    return partitions[Math.floor(((hash >>> 0) * partitions.length) / HASHES)]!
  }

  private note(nowUs: number, units: number, paying: TokenBucket): void {
    if (this.settings.burstSeconds > 1) {
      this.closest.rise(Math.ceil(this.kept - paying.tokens(nowUs)))
      return
    }
    if (nowUs >= this.secondEndUs) {
      this.secondEndUs = (Math.floor(nowUs / MICROSECONDS_PER_SECOND) + 1) * MICROSECONDS_PER_SECOND
      this.secondUnits = 0
    }
    this.secondUnits += units
    this.closest.rise(Math.min(Math.ceil(this.secondUnits), this.kept))
  }

  private unusedShares(nowUs: number): number {
    return this.partitions.reduce((sum, { share }) => sum + (share?.tokens(nowUs) ?? 0), 0)
  }
}

/** A request of more than the bucket ever holds needs all of it, and the next ones wait (assumed). */
function holds(bucket: TokenBucket, nowUs: number, units: number): boolean {
  return bucket.tokens(nowUs) >= Math.min(units, bucket.capacityTokens)
}

/** `unused`: what each partition's share of the table holds at first. */
function partitionsOf(settings: ThroughputSettings, unused: number): readonly Partition[] {
  const { partitions, partitionPerSecond, perSecond, isAdaptive, burstSeconds } = settings
  const share = perSecond / partitions
  return Array.from(
    { length: partitions },
    (): Partition => ({
      limit: new TokenBucket(partitionPerSecond),
      mostUnits: new BusiestSecond(partitionPerSecond),
      share: isAdaptive ? null : new TokenBucket(share, Math.min(unused, share * burstSeconds)),
    }),
  )
}
