/** How records leave the lanes of an event source mapping, whatever became of them. */
import { ENTERED_US, NONE, SIZE_BYTES } from '../../../messages/message-store.ts'
import {
  DELIVERED_TO_DESTINATION,
  DROPPED,
  EXPIRED,
  type RecordOutcome,
} from '../../../resources/stream/record-consumer.ts'
import type { Stream } from '../../../resources/stream/stream.ts'
import { ACCEPTED, type Target } from '../../../resources/target.ts'
import type { World } from '../../../world.ts'
import type { ConsumerMeter } from './consumer-meter.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { Lane } from './lane.ts'

/** What a failure destination is sent about a batch (assumed; a bucket also gets the records). */
const METADATA_BYTES = 1_024

export class RecordExits {
  /** Both are known when everything is connected. */
  stream: Stream | null = null
  onFailure: Target | null = null
  settings: ConsumerSettings
  /** Records that were taken and are not settled. */
  unfinished = 0
  private readonly world: World
  private readonly meter: ConsumerMeter

  constructor(settings: ConsumerSettings, meter: ConsumerMeter, world: World) {
    this.settings = settings
    this.meter = meter
    this.world = world
  }

  /** When a record is given up for its age. */
  tooOldUs(record: number): number {
    if (record === NONE) return Number.POSITIVE_INFINITY
    const enteredUs = this.world.messages.reals[4 * record + ENTERED_US]!
    return enteredUs + Math.min(this.settings.maximumRecordAgeUs, this.stream!.retentionUs)
  }

  /** Records that are past the retention period or too old by the settings leave the batch. */
  giveUpOld(lane: Lane): void {
    const { retentionUs } = this.stream!
    this.settleFirst(lane, this.countOlder(lane, retentionUs), EXPIRED)
    const tooOld = this.countOlder(lane, this.settings.maximumRecordAgeUs)
    if (tooOld > 0) this.giveUp(lane, tooOld)
  }

  /** How many records at the head of the batch are at least so old. */
  private countOlder(lane: Lane, ageUs: number): number {
    const { messages, simulator } = this.world
    const latestUs = simulator.nowUs - ageUs
    let count = 0
    let record = lane.records.head
    while (count < lane.batchCount && messages.reals[4 * record + ENTERED_US]! <= latestUs) {
      count++
      record = lane.records.after(record)
    }
    return count
  }

  /** The first `count` records of the batch are dropped, and their destination is told, if any. */
  giveUp(lane: Lane, count: number): void {
    const { meter } = this
    meter.dropped.add(count)
    const isDelivered = this.tellDestination(lane.records.head)
    if (isDelivered) meter.destinationDelivered.add(count)
    this.settleFirst(lane, count, isDelivered ? DELIVERED_TO_DESTINATION : DROPPED)
  }

  private tellDestination(first: number): boolean {
    const { onFailure } = this
    if (onFailure === null) return false
    const { messages } = this.world
    const record = messages.copy(first)
    messages.ints[8 * record + SIZE_BYTES] = METADATA_BYTES
    if (onFailure.accept(record) === ACCEPTED) return true
    messages.give(record)
    return false
  }

  /** The first `count` records of the batch end like this. */
  settleFirst(lane: Lane, count: number, outcome: RecordOutcome): void {
    const stream = this.stream!
    for (let settled = 0; settled < count; settled++) {
      stream.settle(lane.records.shift(), outcome)
    }
    lane.batchCount -= count
    this.unfinished -= count
  }
}
