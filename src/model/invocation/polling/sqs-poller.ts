/**
 * An event source mapping that reads a queue for a function.
 * Sources: Lambda developer guide, "Using Lambda with Amazon SQS", "Handling errors for an SQS
 * event source in Lambda", "Lambda event source mappings".
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_POLL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { Qualifier } from '../../compute/lambda-function.ts'
import { Router } from '../../compute/router.ts'
import { RecordHandling } from '../../handler/record-handling.ts'
import { Filter } from '../../messages/filter.ts'
import { NONE, ORDINAL } from '../../messages/message-store.ts'
import type { Part } from '../../part.ts'
import type { Queue, QueueReader } from '../../resources/queue/queue.ts'
import type { World } from '../../world.ts'
import { DURATION_US } from '../invocation-store.ts'
import type { Origin } from '../origin.ts'
import { SUCCEEDED } from '../outcome.ts'
import { ConcurrencyTarget } from './concurrency-target.ts'
import { SqsMeter } from './sqs-meter.ts'
import type { SqsSettings } from './sqs-settings.ts'

/** The payload of an invocation (Lambda developer guide, "Batching behavior"). */
const MOST_BYTES = 6 * 1_048_576
/** More doublings than any cap of the back-off needs. */
const MOST_DOUBLINGS = 30
/** Attempts with one batch that have draws of their own. */
const ATTEMPTS_PER_RECEIVE = 65_536

export interface SqsPollerOptions {
  /** FUNCTION.EVENT. */
  readonly name: string
  readonly path: string
  readonly queue: string
  readonly config: unknown
  /** What a configuration means. */
  readonly read: (config: unknown) => SqsSettings
}

export class SqsPoller implements Part, Origin, QueueReader {
  readonly name: string
  readonly path: string
  readonly hash: number
  readonly retriesThrottles = true
  private readonly read: (config: unknown) => SqsSettings
  private settings: SqsSettings
  private readonly qualifier: Qualifier
  private readonly world: World
  private readonly queueName: string
  private queue!: Queue
  private readonly meter: SqsMeter
  private readonly handling: RecordHandling
  private readonly router: Router
  private readonly filter: Filter | null
  private readonly target: ConcurrencyTarget
  private readonly origin: number
  private readonly backOffPurpose: number
  private readonly pollKind: number
  private readonly retryKind: number
  private readonly growKind: number
  private readonly windowKind: number
  private isEnabled: boolean
  /** Batches that it works on. */
  private busy = 0
  /** With a batching window: the batch that is still open, or NONE. */
  private collecting = NONE
  /** Windows follow each other from here, us. */
  private windowStartUs = 0
  private windowEndUs = 0
  private windowArmedUs = Number.POSITIVE_INFINITY
  private isPollArmed = false
  private isGrowthArmed = false
  private isGrowthDue = false
  private isRefused = false

  constructor(options: SqsPollerOptions, qualifier: Qualifier, world: World) {
    const { name, path, config, read } = options
    const settings = read(config)
    const { function: owner } = qualifier
    this.name = name
    this.path = path
    this.queueName = options.queue
    this.read = read
    this.settings = settings
    this.qualifier = qualifier
    this.world = world
    this.hash = hashName(path)
    this.isEnabled = settings.isEnabled
    this.meter = new SqsMeter(world.recorder, name, settings.scaling.concurrencyPerPoller !== null)
    this.handling = new RecordHandling(owner.name, owner.settings.handler, world.births)
    this.router = new Router(qualifier, `${world.streamRoot}/${path}`)
    this.filter = settings.filter === null ? null : new Filter(settings.filter, path, world.births)
    this.target = new ConcurrencyTarget(settings.scaling)
    this.origin = world.invocations.addOrigin(this)
    this.backOffPurpose = hashName(`${path}/back-off`)
    this.pollKind = world.addEventKind(() => this.poll())
    this.retryKind = world.addEventKind((batch) => this.retry(batch))
    this.growKind = world.addEventKind(() => this.growthIsDue())
    this.windowKind = world.addEventKind(() => this.endWindow())
    qualifier.isCalled = true
  }

  connect(): void {
    this.queue = this.world.target(this.queueName, ['queues']) as Queue
    this.queue.addReader(this)
  }

  start(): void {
    this.showTarget()
    this.wake()
  }

  pending(): number {
    return this.busy
  }

  command(verb: string, _options: unknown): void {
    this.isEnabled = verb === 'enable'
    this.wake()
  }

  reconfigure(config: unknown): void {
    this.settings = this.read(config)
    this.target.reconfigure(this.settings.scaling)
    this.showTarget()
    if (this.collecting !== NONE) this.closeIfFull()
    this.wake()
  }

  get isReading(): boolean {
    return this.isEnabled
  }

  wants(message: number): boolean {
    this.meter.polled.add(1)
    if (this.filter === null || this.filter.passes(message)) return true
    this.meter.filteredOut.add(1)
    this.meter.deleted.add(1)
    return false
  }

  /** It waits in a long poll whenever it has a place, so it sees a message as soon as one is there. */
  wake(): void {
    if (this.isPollArmed || !this.isEnabled || !this.mayReceive) return
    this.isPollArmed = true
    const { simulator } = this.world
    simulator.schedule(this.queue.receivableAtUs(), RANK_POLL, this.pollKind, 0)
  }

  onRefused(invocation: number, _cause: number): void {
    const { simulator, invocations } = this.world
    const batch = invocations.store.cause[invocation]!
    this.isRefused = true
    this.meter.throttledBatches.add(1)
    this.slowDown()
    this.queue.batches.isRunning[batch] = 0
    const deadlineUs = this.queue.batches.deadlineUs[batch]!
    const retryUs = Math.round(simulator.nowUs + this.backOffUs(batch))
    const atUs = Math.max(simulator.nowUs, Math.min(retryUs, deadlineUs))
    simulator.schedule(atUs, RANK_POLL, this.retryKind, batch)
  }

  onEnded(invocation: number, outcome: number, _latencyUs: number): void {
    const batch = this.world.invocations.store.cause[invocation]!
    // A function that names its failures does not slow its polling down.
    if (outcome !== SUCCEEDED && !this.settings.reportsItemFailures) this.slowDown()
    this.finish(batch, outcome)
  }

  /** The messages that the handler processed: without those that it reports as failed. */
  forEachMessage(invocation: number, visit: (message: number) => void): void {
    const { nextInBatch } = this.world.messages
    const batch = this.world.invocations.store.cause[invocation]!
    let hasFailed = false
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      if (this.isReported(at, hasFailed)) hasFailed = true
      else visit(at)
    }
  }

  private get mayReceive(): boolean {
    return (this.collecting !== NONE || this.hasPlace) && this.queue.hasNext
  }

  private get hasPlace(): boolean {
    return this.busy < this.target.places
  }

  private poll(): void {
    this.isPollArmed = false
    if (this.isEnabled && this.mayReceive) {
      if (this.settings.batchingWindowUs === 0 && this.collecting === NONE) this.takeBatch()
      else this.collect()
    }
    this.wake()
    if (!this.isPollArmed) this.considerGrowth()
  }

  /** Without a window a batch is what one receive returned. */
  private takeBatch(): void {
    const { queue } = this
    const batch = queue.batches.open()
    queue.receive(this, batch, this.settings.batchSize, MOST_BYTES)
    if (queue.batches.head[batch] === NONE) queue.batches.give(batch)
    else {
      this.occupy(1)
      this.invoke(batch)
    }
  }

  /** With a window one batch collects at a time, whatever the number of receives. */
  private collect(): void {
    const { queue } = this
    const { batches } = queue
    const isNew = this.collecting === NONE
    const batch = isNew ? batches.open() : this.collecting
    queue.receive(this, batch, this.settings.batchSize - batches.count[batch]!, MOST_BYTES)
    if (isNew) {
      if (batches.head[batch] === NONE) {
        batches.give(batch)
        return
      }
      this.occupy(1)
      this.collecting = batch
      this.openWindow()
    }
    this.closeIfFull()
  }

  /** Windows roll on while there is nothing to collect; this is the end of the present one. */
  private openWindow(): void {
    const { simulator } = this.world
    const { batchingWindowUs } = this.settings
    const elapsed = Math.floor((simulator.nowUs - this.windowStartUs) / batchingWindowUs)
    this.windowEndUs = this.windowStartUs + (elapsed + 1) * batchingWindowUs
    this.armWindow()
  }

  private armWindow(): void {
    if (this.windowEndUs >= this.windowArmedUs) return
    this.windowArmedUs = this.windowEndUs
    this.world.simulator.schedule(this.windowEndUs, RANK_POLL, this.windowKind, 0)
  }

  private endWindow(): void {
    const { nowUs } = this.world.simulator
    if (nowUs !== this.windowArmedUs) return
    this.windowArmedUs = Number.POSITIVE_INFINITY
    if (this.collecting === NONE) return
    if (this.windowEndUs <= nowUs) this.closeBatch()
    else this.armWindow()
  }

  /** By number, or because the next message would make its payload too large. */
  private closeIfFull(): void {
    const { batches } = this.queue
    const isFull = batches.count[this.collecting]! >= this.settings.batchSize
    if (isFull || !this.queue.hasRoomForNext(this.collecting, MOST_BYTES)) this.closeBatch()
  }

  private closeBatch(): void {
    const batch = this.collecting
    this.collecting = NONE
    this.windowStartUs = this.world.simulator.nowUs
    this.invoke(batch)
    this.wake()
  }

  private invoke(batch: number): void {
    const { messages, invocations } = this.world
    const { batches } = this.queue
    const first = batches.head[batch]!
    const count = batches.count[batch]!
    if (first === NONE) {
      this.abandon(batch)
      return
    }
    batches.isRunning[batch] = 1
    const ordinal = messages.reals[4 * first + ORDINAL]!
    const slot = invocations.open(this.origin, ordinal)
    invocations.store.cause[slot] = batch
    invocations.store.reals[4 * slot + DURATION_US] = this.handling.fixedUs(first)
    this.addRecords(slot, batch)
    if (this.qualifier.function.drawsFailures) {
      const fails = !this.settings.reportsItemFailures && this.hasFailure(batch)
      invocations.store.failureDraw[slot] = fails ? -1 : this.handling.failureDraw(first)
    }
    this.isRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal))
    if (this.isRefused) return
    this.meter.batches.add(1)
    this.meter.invoked.add(count)
  }

  private addRecords(slot: number, batch: number): void {
    if (this.qualifier.function.settings.handler.recordDuration === null) return
    const { nextInBatch } = this.world.messages
    const { reals } = this.world.invocations.store
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      reals[4 * slot + DURATION_US]! += this.handling.recordUs(at)
    }
  }

  private hasFailure(batch: number): boolean {
    if (!this.handling.mayFail) return false
    const { nextInBatch } = this.world.messages
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = nextInBatch[at]!) {
      if (this.handling.fails(at)) return true
    }
    return false
  }

  /** In order, a FIFO consumer stops at the first failure and reports all from there on. */
  private isReported(message: number, hasFailed: boolean): boolean {
    if (!this.settings.reportsItemFailures || !this.handling.mayFail) return false
    return (hasFailed && this.queue.settings.isFifo) || this.handling.fails(message)
  }

  /** The function is done: what was processed is deleted, the rest comes back in its time. */
  private finish(batch: number, outcome: number): void {
    const { queue } = this
    const { nextInBatch } = this.world.messages
    let failed = 0
    let completed = 0
    let following = NONE
    for (let at = queue.batches.head[batch]!; at !== NONE; at = following) {
      following = nextInBatch[at]!
      if (outcome !== SUCCEEDED || this.isReported(at, failed > 0)) {
        queue.letGo(at)
        failed++
      } else {
        queue.complete(at)
        completed++
      }
    }
    this.meter.failed.add(failed)
    this.meter.deleted.add(completed)
    if (this.collecting === NONE) this.windowStartUs = this.world.simulator.nowUs
    this.free(batch)
  }

  /** Full jitter: anywhere up to a bound that doubles. */
  private backOffUs(batch: number): number {
    const { batches } = this.queue
    const { backOffBaseUs, backOffCapUs } = this.settings
    const throttles = batches.throttles[batch]!
    batches.throttles[batch] = throttles + 1
    const doublings = Math.min(throttles, MOST_DOUBLINGS)
    let boundUs = backOffBaseUs
    for (let count = 0; count < doublings && boundUs < backOffCapUs; count++) boundUs *= 2
    const { births, messages } = this.world
    const first = batches.head[batch]!
    const index = messages.receives(first) * ATTEMPTS_PER_RECEIVE + throttles
    const draw = births.drawFor(first, this.backOffPurpose, index).nextUniform()
    return draw * Math.min(boundUs, backOffCapUs)
  }

  /** A throttled batch is tried again until the first of its messages becomes visible. */
  private retry(batch: number): void {
    if (this.world.simulator.nowUs < this.queue.batches.deadlineUs[batch]!) this.invoke(batch)
    else this.abandon(batch)
  }

  /** Its messages come back by themselves: a receive is used up without an invocation. */
  private abandon(batch: number): void {
    const { nextInBatch } = this.world.messages
    let following = NONE
    for (let at = this.queue.batches.head[batch]!; at !== NONE; at = following) {
      following = nextInBatch[at]!
      this.queue.letGo(at)
    }
    this.free(batch)
  }

  private free(batch: number): void {
    this.queue.batches.give(batch)
    this.occupy(-1)
    if (this.busy === 0 && this.queue.isQuiet) {
      this.target.reset()
      this.showTarget()
    }
    this.queue.changed()
  }

  private occupy(change: number): void {
    this.busy += change
    this.meter.concurrency.set(this.busy)
  }

  private slowDown(): void {
    this.target.halve(this.world.simulator.nowUs)
    this.showTarget()
  }

  private growthIsDue(): void {
    this.isGrowthArmed = false
    this.isGrowthDue = true
    if (!this.isPollArmed) {
      this.isPollArmed = true
      const { simulator } = this.world
      simulator.schedule(simulator.nowUs, RANK_POLL, this.pollKind, 0)
    }
  }

  /** Once a second while it is saturated; asked when every place that could be taken is. */
  private considerGrowth(): void {
    const isSaturated = this.isEnabled && !this.hasPlace && this.queue.hasNext
    if (isSaturated && this.isGrowthDue) {
      this.target.grow()
      this.showTarget()
    }
    this.isGrowthDue = false
    if (!isSaturated) return
    this.armGrowth()
    this.wake()
  }

  private armGrowth(): void {
    if (this.isGrowthArmed) return
    this.isGrowthArmed = true
    const { simulator } = this.world
    const atUs = simulator.nowUs + MICROSECONDS_PER_SECOND
    simulator.schedule(atUs, RANK_POLL, this.growKind, 0)
  }

  private showTarget(): void {
    const { places } = this.target
    this.meter.target.set(places)
    const { concurrencyPerPoller } = this.settings.scaling
    if (concurrencyPerPoller === null) return
    this.meter.pollers?.set(Math.ceil(places / concurrencyPerPoller))
  }
}
