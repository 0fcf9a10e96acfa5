import { MessageList } from '../../../messages/message-list.ts'
import { type Messages, NONE } from '../../../messages/message-store.ts'
import type { ShardReader } from './shard-reader.ts'

/** A lane has nothing to send, holds a batch for a later attempt, or waits for its invocation. */
export const IDLE = 0
export const HOLDING = 1
export const RUNNING = 2

/**
 * One order-preserving line of a shard: the records whose keys fall to it, of which the first
 * `batchCount` are the batch it works on. A shard has `parallelizationFactor` of them.
 */
export class Lane {
  readonly index: number
  readonly reader: ShardReader
  readonly records: MessageList
  state: 0 | 1 | 2 = IDLE
  batchCount = 0
  /** Payload of the records behind the batch. */
  waitingBytes = 0
  /** When the first record behind the batch came, us. */
  waitingSinceUs = 0
  /** When the batching window began. */
  windowStartUs = 0
  /** Retries that the batch has used up, and refusals in a row. */
  retries = 0
  refusals = 0
  /** The cause of the last refusal. */
  refusedBy = 0
  /** The batch is not sent before. */
  retryAtUs = 0
  /** Place of the first record in the batch that the handler fails on, or NONE; and how many. */
  firstFailed = NONE
  failedCount = 0
  /** Batches that bisecting split off, the next one last: how many records, retries used up. */
  readonly restCounts: number[] = []
  readonly restRetries: number[] = []
  /** Stands for the tumbling window whose last invocation is still to come, or NONE; and which. */
  windowRecord = NONE
  openWindow = 0
  /** The invocation that closes the tumbling window; it bears no records. */
  isClosingWindow = false
  isWaitingForPoller = false
  /** The lane's next event; Infinity without one. */
  armedUs = Number.POSITIVE_INFINITY

  constructor(index: number, reader: ShardReader, messages: Messages) {
    this.index = index
    this.reader = reader
    this.records = new MessageList(messages)
  }

  get waitingCount(): number {
    return this.records.length - this.batchCount
  }

  get isEmpty(): boolean {
    return this.state === IDLE && this.records.length === 0 && this.windowRecord === NONE
  }

  append(record: number, sizeBytes: number, nowUs: number): void {
    if (this.waitingCount === 0) this.waitingSinceUs = nowUs
    this.records.append(record)
    this.waitingBytes += sizeBytes
  }

  /** The next part of a bisected batch becomes the batch. False when there is none. */
  takeRest(): boolean {
    const count = this.restCounts.pop()
    if (count === undefined) return false
    this.batchCount = count
    this.retries = this.restRetries.pop()!
    return true
  }

  /** Keeps the first `count` records of the batch; the others become the batch after it. */
  split(count: number): void {
    this.restCounts.push(this.batchCount - count)
    this.restRetries.push(this.retries)
    this.batchCount = count
  }
}
