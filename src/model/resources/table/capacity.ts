import { RANK_CONTROL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import { TimeWeighted } from '../../../stats/time-weighted.ts'
import type { LimitUse } from '../../part.ts'
import type { World } from '../../world.ts'
import { DecreaseQuota } from './decrease-quota.ts'
import { PreviousPeak } from './previous-peak.ts'
import type { TableMeter, UnitMeter } from './table-meter.ts'
import { TargetTracking, type TrackingSettings } from './target-tracking.ts'
import { type Fit, OVER_PARTITION, Throughput, WITHIN } from './throughput.ts'

/** Units a second that one partition gives (DynamoDB developer guide, "Burst and adaptive capacity"). */
export const PARTITION_READS = 3_000
export const PARTITION_WRITES = 1_000
/** DynamoDB developer guide, "Burst and adaptive capacity": up to five minutes of unused capacity. */
const BURST_SECONDS = 300
const SECONDS_PER_MINUTE = 60

/** The reads, or the writes, of a table. */
export interface UnitSettings {
  /** Units a second at the start. */
  readonly perSecond: number
  /** Of on-demand capacity: the most it grows to. */
  readonly mostPerSecond: number
  /** null: provisioned capacity stays, but for the timeline. */
  readonly tracking: TrackingSettings | null
}

export interface CapacitySettings {
  readonly isProvisioned: boolean
  readonly reads: UnitSettings
  readonly writes: UnitSettings
  /** At the start at least; its capacity may need more. */
  readonly partitions: number
  readonly isAdaptive: boolean
  /** How long UpdateTable takes. */
  readonly updateTimeUs: number
  /** How old a peak of on-demand traffic is before twice of it is served. */
  readonly growthTimeUs: number
}

export type UnitKind = 'reads' | 'writes'

interface Units {
  readonly throughput: Throughput
  readonly meter: UnitMeter
  readonly peak: PreviousPeak
  readonly tracking: TargetTracking | null
  /** Consumed in the minute so far. */
  minuteUnits: number
  /** Consumed in the whole run. */
  consumedUnits: number
  /** What the table has, units a second, for the bill. */
  readonly held: TimeWeighted
}

/**
 * Partitions that so much capacity needs: AWS gives one for each 3,000 read and 1,000 write units.
 * Source: DynamoDB developer guide, "Partitions and data distribution" (edition of 2018); that it
 * is still so is assumed.
 */
export function partitionsFor(readsPerSecond: number, writesPerSecond: number): number {
  const needed = readsPerSecond / PARTITION_READS + writesPerSecond / PARTITION_WRITES
  return Math.max(1, Math.ceil(needed))
}

/** What a table may be asked in a second, and how that changes. */
export class TableCapacity {
  private readonly settings: CapacitySettings
  private readonly world: World
  private readonly reads: Units
  private readonly writes: Units
  private readonly decreases: DecreaseQuota
  private readonly minutePasses: number
  private readonly updateEnds: number
  private partitions: number
  /** Capacity that UpdateTable is about to set; null: nothing changes. */
  private update: {
    readonly reads: number
    readonly writes: number
    readonly endUs: number
  } | null = null

  constructor(settings: CapacitySettings, meter: TableMeter, world: World) {
    this.settings = settings
    this.world = world
    const { reads, writes } = settings
    const needed = partitionsFor(reads.perSecond, writes.perSecond)
    this.partitions = Math.max(settings.partitions, needed)
    this.reads = this.unitsOf(reads, PARTITION_READS, meter.reads)
    this.writes = this.unitsOf(writes, PARTITION_WRITES, meter.writes)
    this.decreases = new DecreaseQuota(world.settings.startsAtMs)
    this.minutePasses = world.addEventKind(() => this.endMinute())
    this.updateEnds = world.addEventKind(() => this.endUpdate())
    this.showProvisioned()
  }

  start(): void {
    const { isProvisioned, reads, writes } = this.settings
    const follows = !isProvisioned || reads.tracking !== null || writes.tracking !== null
    if (follows) this.armMinute()
  }

  /** Whether a request of so many units of the key with this hash is served; then it is paid. */
  take(isWrite: boolean, amount: number, hash: number): boolean {
    const units = isWrite ? this.writes : this.reads
    const fit: Fit = units.throughput.take(this.world.simulator.nowUs, amount, hash)
    if (fit === WITHIN) {
      units.minuteUnits += amount
      units.consumedUnits += amount
      units.meter.consumed.add(amount)
      return true
    }
    units.meter.throttles.add(1)
    if (fit === OVER_PARTITION) units.meter.partitionThrottles.add(1)
    return false
  }

  /** UpdateTable: the table has this capacity when that is over. */
  provision(reads: number, writes: number): void {
    const { simulator } = this.world
    const endUs = simulator.nowUs + this.settings.updateTimeUs
    this.update = { reads, writes, endUs }
    simulator.scheduleLater(endUs, RANK_CONTROL, this.updateEnds, 0)
  }

  /** Units of requests that were served in the whole run. */
  consumed(kind: UnitKind): number {
    return this[kind].consumedUnits
  }

  /** Capacity units times us in the whole run, as far as it has come. */
  provisionedUs(kind: UnitKind): number {
    return this[kind].held.integral(this.world.simulator.nowUs)
  }

  limitUses(name: string): readonly LimitUse[] {
    const { isProvisioned } = this.settings
    const short = isProvisioned ? ['RCU', 'WCU'] : ['RRU', 'WRU']
    return [this.reads, this.writes].flatMap(({ throughput }, index): LimitUse[] => {
      // Nothing was read, or nothing written.
      if (throughput.partitionUse.used === 0) return []
      const unit = short[index]!
      const limit = isProvisioned ? `${unit} with burst` : `${unit}/s`
      const place = { scope: 'table', name } as const
      return [
        { ...place, limit, ...throughput.tableUse },
        { ...place, limit: `partition ${unit}/s`, ...throughput.partitionUse },
      ]
    })
  }

  private unitsOf(
    { perSecond, mostPerSecond, tracking }: UnitSettings,
    partitionPerSecond: number,
    meter: UnitMeter,
  ): Units {
    const { isProvisioned, isAdaptive, growthTimeUs } = this.settings
    return {
      throughput: new Throughput({
        perSecond,
        burstSeconds: isProvisioned ? BURST_SECONDS : 1,
        partitionPerSecond,
        partitions: this.partitions,
        isAdaptive,
      }),
      meter,
      peak: new PreviousPeak(perSecond, mostPerSecond, growthTimeUs),
      tracking: tracking === null ? null : new TargetTracking(tracking),
      minuteUnits: 0,
      consumedUnits: 0,
      held: new TimeWeighted(0, perSecond),
    }
  }

  private armMinute(): void {
    const atUs = this.world.simulator.nowUs + MICROSECONDS_PER_MINUTE
    this.world.simulator.scheduleLater(atUs, RANK_CONTROL, this.minutePasses, 0)
  }

  private endMinute(): void {
    if (this.settings.isProvisioned) this.followTarget()
    else this.followPeak()
    this.reads.minuteUnits = 0
    this.writes.minuteUnits = 0
    this.armMinute()
  }

  private followPeak(): void {
    const { nowUs } = this.world.simulator
    const served = ({ peak, minuteUnits }: Units): number =>
      peak.perSecondAfterMinute(nowUs, minuteUnits / SECONDS_PER_MINUTE)
    this.resize(served(this.reads), served(this.writes))
  }

  private followTarget(): void {
    const { nowUs } = this.world.simulator
    const wantedOf = ({ throughput, tracking, minuteUnits }: Units): number => {
      const { perSecond } = throughput
      return tracking?.wantedAfterMinute(minuteUnits / SECONDS_PER_MINUTE, perSecond) ?? perSecond
    }
    let [reads, writes] = [wantedOf(this.reads), wantedOf(this.writes)]
    if (this.update !== null) return
    const present = [this.reads.throughput.perSecond, this.writes.throughput.perSecond] as const
    if (!this.decreases.isAllowed(nowUs)) {
      reads = Math.max(reads, present[0])
      writes = Math.max(writes, present[1])
    }
    if (reads === present[0] && writes === present[1]) return
    if (reads < present[0] || writes < present[1]) this.decreases.take(nowUs)
    if (reads !== present[0]) this.reads.tracking!.restart()
    if (writes !== present[1]) this.writes.tracking!.restart()
    this.provision(reads, writes)
  }

  private endUpdate(): void {
    const { update } = this
    // A later one took its place.
    if (update === null || update.endUs !== this.world.simulator.nowUs) return
    const { reads, writes } = update
    this.update = null
    this.resize(reads, writes)
    this.showProvisioned()
  }

  /** Partitions are never given back. */
  private resize(reads: number, writes: number): void {
    const { nowUs } = this.world.simulator
    this.partitions = Math.max(this.partitions, partitionsFor(reads, writes))
    this.reads.throughput.resize(nowUs, reads, this.partitions)
    this.writes.throughput.resize(nowUs, writes, this.partitions)
  }

  private showProvisioned(): void {
    for (const { held, meter, throughput } of [this.reads, this.writes]) {
      held.set(this.world.simulator.nowUs, throughput.perSecond)
      meter.provisioned?.set(throughput.perSecond)
    }
  }
}
