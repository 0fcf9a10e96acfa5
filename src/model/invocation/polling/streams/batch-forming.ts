/** When a lane's records are a batch, and how many of them. */
import { LARGEST_INVOCATION_BYTES } from '../../../compute/platform-timeline.ts'
import { ENTERED_US, type Messages, NONE, SIZE_BYTES } from '../../../messages/message-store.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { Lane } from './lane.ts'
import { TumblingWindows } from './tumbling-windows.ts'

export class BatchForming {
  private readonly messages: Messages
  private readonly windowBeginsWithRecord: boolean
  private readonly startsAtMs: number
  private settings: ConsumerSettings
  private windows: TumblingWindows | null = null

  constructor(
    settings: ConsumerSettings,
    windowBeginsWithRecord: boolean,
    messages: Messages,
    startsAtMs: number,
  ) {
    this.messages = messages
    this.windowBeginsWithRecord = windowBeginsWithRecord
    this.startsAtMs = startsAtMs
    this.settings = settings
    this.configure(settings)
  }

  configure(settings: ConsumerSettings): void {
    this.settings = settings
    const { tumblingWindowUs } = settings
    this.windows =
      tumblingWindowUs === 0 ? null : new TumblingWindows(tumblingWindowUs, this.startsAtMs)
  }

  /** Whether the lane has all that a batch may hold. */
  isFull(lane: Lane): boolean {
    return (
      lane.waitingCount >= this.settings.batchSize || lane.waitingBytes >= LARGEST_INVOCATION_BYTES
    )
  }

  /** From when on the lane's waiting records are a batch even if there are few. */
  dueUs(lane: Lane): number {
    const { windows } = this
    const dueUs = this.batchingWindowEndUs(lane)
    if (windows === null) return dueUs
    const { head, tail } = lane.records
    const window = this.windowOf(head)
    return this.windowOf(tail) > window ? 0 : Math.min(dueUs, windows.endUs(window))
  }

  /** How many of the waiting records one batch takes; at least one. */
  count(lane: Lane): number {
    const { ints } = this.messages
    const { records } = lane
    const most = Math.min(this.settings.batchSize, records.length)
    let record = records.head
    let bytes = 0
    let count = 0
    while (count < most) {
      const size = ints[8 * record + SIZE_BYTES]!
      if (
        count > 0 &&
        (bytes + size > LARGEST_INVOCATION_BYTES || this.isOfLaterWindow(record, lane))
      )
        break
      bytes += size
      count++
      record = records.after(record)
    }
    lane.waitingBytes -= bytes
    return count
  }

  /** A batch is being sent: its tumbling window is open now. */
  openWindow(lane: Lane): boolean {
    if (this.windows === null || lane.windowRecord !== NONE) return false
    lane.openWindow = this.windowOf(lane.records.head)
    lane.windowRecord = this.messages.copy(lane.records.head)
    const { reals } = this.messages
    reals[4 * lane.windowRecord + ENTERED_US] = reals[4 * lane.records.head + ENTERED_US]!
    return true
  }

  /** When the lane's open window ends; only where there is one. */
  openWindowEndUs(lane: Lane): number {
    return this.windows!.endUs(lane.openWindow)
  }

  /** Whether the lane or its shard still has records of the open window. */
  hasRecordsOfOpenWindow(lane: Lane): boolean {
    return this.isInOpenWindow(lane.records.head, lane) || this.isUnreadInOpenWindow(lane)
  }

  private isUnreadInOpenWindow(lane: Lane): boolean {
    return this.isInOpenWindow(lane.reader.unread.head, lane)
  }

  private isInOpenWindow(record: number, lane: Lane): boolean {
    return record !== NONE && this.windowOf(record) <= lane.openWindow
  }

  private isOfLaterWindow(record: number, lane: Lane): boolean {
    return this.windows !== null && this.windowOf(record) > this.windowOf(lane.records.head)
  }

  private windowOf(record: number): number {
    return this.windows!.windowAt(this.messages.reals[4 * record + ENTERED_US]!)
  }

  private batchingWindowEndUs(lane: Lane): number {
    const { batchingWindowUs } = this.settings
    if (batchingWindowUs === 0) return 0
    if (this.windowBeginsWithRecord) return lane.waitingSinceUs + batchingWindowUs
    // A window that ended without a record was followed by the next one.
    const windows = Math.ceil((lane.waitingSinceUs - lane.windowStartUs) / batchingWindowUs)
    return lane.windowStartUs + Math.max(1, windows) * batchingWindowUs
  }
}
