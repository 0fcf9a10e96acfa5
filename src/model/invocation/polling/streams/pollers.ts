import { TimeWeighted } from '../../../../stats/time-weighted.ts'
import { ReadBudget } from '../../../resources/stream/limits.ts'
import type { World } from '../../../world.ts'
import type { PollerSettings } from './consumer-settings.ts'
import type { Lane } from './lane.ts'

/** One event poller unit has ten pollers by default (aws.amazon.com/lambda/pricing). */
const POLLERS_PER_UNIT = 10

/**
 * The pollers of a Kafka event source mapping: each works on a few batches at once and brings so
 * many bytes per second. Their number follows the offset lag, looked at every minute; by how much
 * it changes is assumed.
 * Source: Lambda developer guide, "Apache Kafka event poller scaling modes".
 */
export class Pollers {
  readonly budget: ReadBudget
  count: number
  wasThrottled = false
  private readonly settings: PollerSettings
  private readonly world: Pick<World, 'simulator'>
  /** Lanes with a batch for which no poller is free, in order. */
  private readonly waiting: Lane[] = []

  /** Event poller units over time. */
  private readonly units: TimeWeighted

  constructor(settings: PollerSettings, world: Pick<World, 'simulator'>) {
    this.settings = settings
    this.world = world
    this.count = settings.minimum
    this.units = new TimeWeighted(0, this.unitCount)
    this.budget = new ReadBudget(this.count * settings.bytesPerSecondPerPoller, false)
  }

  /** How many batches they work on at once. */
  get places(): number {
    return this.count * this.settings.batchesPerPoller
  }

  /** Event poller units x us, which is what provisioned mode is billed by. */
  unitTime(nowUs: number): number {
    return this.units.integral(nowUs)
  }

  private get unitCount(): number {
    return Math.ceil(this.count / POLLERS_PER_UNIT)
  }

  wait(lane: Lane): void {
    if (lane.isWaitingForPoller) return
    lane.isWaitingForPoller = true
    this.waiting.push(lane)
  }

  next(): Lane | undefined {
    const lane = this.waiting.shift()
    if (lane !== undefined) lane.isWaitingForPoller = false
    return lane
  }

  /** A minute has passed; `lag` records are not committed, a batch has at most `batchSize`. */
  evaluate(lag: number, batchSize: number, partitions: number): void {
    const { minimum, maximum, growthFactor, bytesPerSecondPerPoller } = this.settings
    // More pollers than partitions have nothing to do.
    const most = Math.max(minimum, Math.min(maximum, partitions))
    let wanted = this.count
    if (this.wasThrottled) wanted = Math.floor(this.count / 2)
    else if (lag > this.places * batchSize) wanted = Math.ceil(this.count * growthFactor)
    else if (lag === 0) wanted = this.count - 1
    this.wasThrottled = false
    this.count = Math.max(minimum, Math.min(most, wanted))
    this.units.set(this.world.simulator.nowUs, this.unitCount)
    this.budget.setRate(this.count * bytesPerSecondPerPoller)
  }
}
