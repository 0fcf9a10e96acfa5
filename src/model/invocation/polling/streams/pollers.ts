import { ReadBudget } from '../../../resources/stream/limits.ts'
import type { PollerSettings } from './consumer-settings.ts'
import type { Lane } from './lane.ts'

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
  /** Lanes with a batch for which no poller is free, in order. */
  private readonly waiting: Lane[] = []

  constructor(settings: PollerSettings) {
    this.settings = settings
    this.count = settings.minimum
    this.budget = new ReadBudget(this.count * settings.bytesPerSecondPerPoller, false)
  }

  /** How many batches they work on at once. */
  get places(): number {
    return this.count * this.settings.batchesPerPoller
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
    this.budget.setRate(this.count * bytesPerSecondPerPoller)
  }
}
