import type { LambdaFunction } from '../../compute/lambda-function.ts'
import { RecordHandling } from '../../handler/record-handling.ts'
import { NONE } from '../../messages/message-store.ts'
import type { Queue } from '../../resources/queue/queue.ts'
import type { World } from '../../world.ts'
import { DURATION_US } from '../invocation-store.ts'

/**
 * What a function does with a batch of messages of a queue.
 * Source: Lambda developer guide, "Implementing partial batch responses" for SQS.
 */
export class BatchHandling {
  private readonly world: World
  private readonly owner: LambdaFunction
  private readonly queue: Queue
  private readonly reportsItemFailures: boolean
  private readonly records: RecordHandling

  constructor(world: World, owner: LambdaFunction, queue: Queue, reportsItemFailures: boolean) {
    this.world = world
    this.owner = owner
    this.queue = queue
    this.reportsItemFailures = reportsItemFailures
    this.records = new RecordHandling(owner, world)
  }

  /** Writes how long the handler takes for the batch, and whether it fails on it. */
  prepare(slot: number, batch: number): void {
    const first = this.queue.batches.head[batch]!
    this.records.writeFixed(slot, first)
    if (this.owner.settings.handler.recordDuration !== null) this.addRecords(slot, batch)
    if (!this.owner.drawsFailures) return
    const fails = !this.reportsItemFailures && this.hasFailure(batch)
    this.records.writeFailureDraw(slot, first, fails)
  }

  /**
   * Whether a successful invocation names the message as failed. In order, a FIFO consumer stops at
   * the first failure and names all from there on.
   */
  isReported(message: number, hasFailed: boolean): boolean {
    if (!this.reportsItemFailures || !this.records.mayFail) return false
    return (hasFailed && this.queue.settings.isFifo) || this.records.fails(message)
  }

  forEachProcessed(batch: number, visit: (message: number) => void): void {
    const { nextInBatch } = this.world.messages
    let hasFailed = false
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      if (this.isReported(at, hasFailed)) hasFailed = true
      else visit(at)
    }
  }

  private addRecords(slot: number, batch: number): void {
    const { nextInBatch } = this.world.messages
    const { reals } = this.world.invocations.store
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      reals[4 * slot + DURATION_US]! += this.records.recordUs(at)
    }
  }

  private hasFailure(batch: number): boolean {
    if (!this.records.mayFail) return false
    const { nextInBatch } = this.world.messages
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      if (this.records.fails(at)) return true
    }
    return false
  }
}
