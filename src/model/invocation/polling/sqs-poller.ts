/**
 * An event source mapping that reads a queue for a function.
 * Sources: Lambda developer guide, "Using Lambda with Amazon SQS", "Handling errors for an SQS
 * event source in Lambda", "Lambda event source mappings".
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_POLL } from '../../../kernel/order.ts'
import type { Qualifier } from '../../compute/lambda-function.ts'
import { LARGEST_INVOCATION_BYTES as MOST_BYTES } from '../../compute/platform-timeline.ts'
import { Router } from '../../compute/router.ts'
import { THROTTLE_CAUSES } from '../../compute/throttle-cause.ts'
import { Filter } from '../../messages/filter.ts'
import { NONE, ORDINAL, SIZE_BYTES } from '../../messages/message-store.ts'
import type { Hold, Part } from '../../part.ts'
import type { Queue } from '../../resources/queue/queue.ts'
import type { QueueReader } from '../../resources/queue/queue-readers.ts'
import type { World } from '../../world.ts'
import type { Origin } from '../origin.ts'
import { SUCCEEDED } from '../outcome.ts'
import { countRecursions } from '../recursion.ts'
import { BatchHandling } from './batch-handling.ts'
import { BatchingWindow } from './batching-window.ts'
import { ConcurrencyTarget } from './concurrency-target.ts'
import { GrowthClock } from './growth-clock.ts'
import { ERRORS, type SqsState, sqsHold } from './sqs-hold.ts'
import { SqsMeter } from './sqs-meter.ts'
import { PollerRates } from './sqs-poller-rates.ts'
import type { SqsPollerOptions, SqsSettings } from './sqs-settings.ts'
import { ThrottleBackOff } from './throttle-back-off.ts'

export class SqsPoller implements Part, Origin, QueueReader, SqsState {
  readonly name: string
  readonly path: string
  readonly hash: number
  readonly retriesThrottles = true
  private readonly read: (config: unknown) => SqsSettings
  settings: SqsSettings
  readonly qualifier: Qualifier
  private readonly world: World
  private readonly queueName: string
  queue!: Queue
  readonly meter: SqsMeter
  private handling!: BatchHandling
  private readonly router: Router
  private readonly filter: Filter | null
  readonly target: ConcurrencyTarget
  /** How fast it may receive; null without provisioned mode. */
  readonly rates: PollerRates | null
  private readonly origin: number
  private readonly backOff: ThrottleBackOff
  private readonly pollKind: number
  private readonly retryKind: number
  private readonly growth: GrowthClock
  private readonly window: BatchingWindow
  isReading: boolean
  /** Batches that it works on. */
  busy = 0
  /** With a batching window: the batch that is still open, or NONE. */
  private collecting = NONE
  /** When it polls next, us; infinite: when it is woken. */
  private pollUs = Number.POSITIVE_INFINITY
  private isRefused = false
  /** Batches that were refused and wait to be tried again. */
  backingOff = 0

  constructor(options: SqsPollerOptions, qualifier: Qualifier, world: World) {
    const { name, path, config, read } = options
    const settings = read(config)
    this.name = name
    this.path = path
    this.queueName = options.queue
    this.read = read
    this.settings = settings
    this.qualifier = qualifier
    this.world = world
    this.hash = hashName(path)
    this.isReading = settings.isEnabled
    this.meter = new SqsMeter(world.recorder, name, settings.scaling.concurrencyPerPoller !== null)
    this.router = new Router(qualifier, `${world.streamRoot}/${path}`)
    this.filter = settings.filter === null ? null : new Filter(settings.filter, path, world.births)
    this.target = new ConcurrencyTarget(settings.scaling, () => this.targetChanged())
    const { pollers } = this.target
    this.rates = pollers === null ? null : new PollerRates(pollers)
    this.origin = world.invocations.addOrigin(this)
    this.backOff = new ThrottleBackOff(world, path)
    this.pollKind = world.addEventKind(() => this.poll())
    this.retryKind = world.addEventKind((batch) => this.retry(batch))
    this.growth = new GrowthClock(world, () => this.armPoll(world.simulator.nowUs))
    this.window = new BatchingWindow(world, () => this.endWindow())
    countRecursions(qualifier.function, world.recorder)
    qualifier.isCalled = true
  }

  connect(): void {
    this.queue = this.world.target(this.queueName, ['queues']) as Queue
    this.queue.addReader(this)
    const { function: owner } = this.qualifier
    const { reportsItemFailures } = this.settings
    this.handling = new BatchHandling(this.world, owner, this.queue, reportsItemFailures)
  }

  start(): void {
    this.targetChanged()
    this.wake()
  }

  pending(): number {
    return this.busy
  }

  command(verb: string, _options: unknown): void {
    this.isReading = verb === 'enable'
    this.meter.readingChanged(this.world.simulator.nowUs, this)
    this.wake()
  }

  reconfigure(config: unknown): void {
    this.settings = this.read(config)
    this.target.reconfigure(this.settings.scaling)
    if (this.collecting !== NONE) this.closeIfFull()
    this.wake()
  }

  wants(message: number): boolean {
    this.meter.polled.add(1)
    this.rates?.takePayload(this.world.messages.ints[8 * message + SIZE_BYTES]!)
    if (this.filter === null || this.filter.passes(message)) return true
    this.meter.filteredOut.add(1)
    this.meter.deleted.add(1)
    return false
  }

  /** It waits in a long poll whenever it has a place, so it sees a message as soon as one is there. */
  wake(): void {
    if (this.pollUs === Number.POSITIVE_INFINITY) this.pollWhenPossible()
  }

  heldBy(): Hold | null {
    return sqsHold(this, this.world.simulator.nowUs)
  }

  onRefused(invocation: number, cause: number): void {
    const { simulator, invocations } = this.world
    const batch = invocations.store.cause[invocation]!
    this.isRefused = true
    this.meter.throttledBatches.add(1)
    this.backingOff++
    this.target.halve(this.world.simulator.nowUs, THROTTLE_CAUSES[cause]!.id)
    const { batches } = this.queue
    batches.isRunning[batch] = 0
    const deadlineUs = batches.deadlineUs[batch]!
    const retryUs = Math.round(simulator.nowUs + this.backOff.waitUs(batches, batch, this.settings))
    const atUs = Math.max(simulator.nowUs, Math.min(retryUs, deadlineUs))
    simulator.schedule(atUs, RANK_POLL, this.retryKind, batch)
  }

  onEnded(invocation: number, outcome: number): void {
    const batch = this.world.invocations.store.cause[invocation]!
    // A function that names its failures does not slow its polling down.
    if (outcome !== SUCCEEDED && !this.settings.reportsItemFailures) {
      this.target.halve(this.world.simulator.nowUs, ERRORS)
    }
    this.finish(batch, outcome)
  }

  forEachMessage(invocation: number, visit: (message: number) => void): void {
    this.handling.forEachProcessed(this.world.invocations.store.cause[invocation]!, visit)
  }

  forEachDelivered = (invocation: number, visit: (message: number) => void): void =>
    this.queue.batches.forEach(this.world.invocations.store.cause[invocation]!, visit)

  private get mayReceive(): boolean {
    return (this.collecting !== NONE || this.hasPlace) && this.queue.hasNext
  }

  private get hasPlace(): boolean {
    return this.busy < this.target.places
  }

  /** When the queue and, in provisioned mode, the pollers allow the next receive: now or later, us. */
  private get receivableAtUs(): number {
    const queueUs = this.queue.receivableAtUs()
    if (this.rates === null) return queueUs
    return Math.max(queueUs, this.rates.pollableAtUs(this.world.simulator.nowUs))
  }

  /** Its pollers have received as much as they can for the moment. */
  private get isHeldBack(): boolean {
    return this.rates?.isSpent(this.world.simulator.nowUs) === true
  }

  private pollWhenPossible(): void {
    if (this.isReading && this.mayReceive) this.armPoll(this.receivableAtUs)
  }

  private armPoll(atUs: number): void {
    if (atUs >= this.pollUs) return
    this.pollUs = atUs
    this.world.simulator.schedule(atUs, RANK_POLL, this.pollKind, 0)
  }

  private poll(): void {
    const { nowUs } = this.world.simulator
    // An earlier poll has been armed since.
    if (nowUs !== this.pollUs) return
    this.pollUs = Number.POSITIVE_INFINITY
    if (this.isReading && this.mayReceive && this.receivableAtUs <= nowUs) {
      if (this.settings.batchingWindowUs === 0 && this.collecting === NONE) this.takeBatch()
      else this.collect()
    }
    this.wake()
    if (this.pollUs === Number.POSITIVE_INFINITY || this.isHeldBack) this.considerGrowth()
  }

  /** Without a window a batch is what one receive returned. */
  private takeBatch(): void {
    const { batches } = this.queue
    const batch = batches.open()
    this.receive(batch, this.settings.batchSize)
    if (batches.head[batch] === NONE) batches.give(batch)
    else {
      this.occupy(1)
      this.invoke(batch)
    }
  }

  /** With a window one batch collects at a time, whatever the number of receives. */
  private collect(): void {
    const { batches } = this.queue
    const isNew = this.collecting === NONE
    const batch = isNew ? batches.open() : this.collecting
    this.receive(batch, this.settings.batchSize - batches.count[batch]!)
    if (isNew) {
      if (batches.head[batch] === NONE) {
        batches.give(batch)
        return
      }
      this.occupy(1)
      this.collecting = batch
      this.window.open(this.settings.batchingWindowUs)
    }
    this.closeIfFull()
  }

  private receive(batch: number, most: number): void {
    this.rates?.takePoll()
    this.queue.receive(this, batch, most, MOST_BYTES)
  }

  private endWindow(): void {
    if (this.window.isOver(this.collecting !== NONE)) this.closeBatch()
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
    this.window.restart()
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
    if (this.world.lineages.isCut(messages.lineage[first]!, this.qualifier.function.index)) {
      // Lambda answers RecursiveInvocationException; the redrive policy ends the loop.
      this.qualifier.function.recursionsCut!.add(count)
      this.abandon(batch)
      return
    }
    batches.isRunning[batch] = 1
    const ordinal = messages.reals[4 * first + ORDINAL]!
    const slot = invocations.open(this.origin, ordinal)
    invocations.store.cause[slot] = batch
    this.handling.prepare(slot, batch)
    this.isRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal))
    if (this.isRefused) return
    this.meter.batches.add(1)
    this.meter.invoked.add(count)
  }

  /** The function is done: what was processed is deleted, the rest comes back in its time. */
  private finish(batch: number, outcome: number): void {
    const { queue } = this
    const { nextInBatch } = this.world.messages
    let failed = 0
    let deleted = 0
    let following = NONE
    for (let at = queue.batches.head[batch]!; at !== NONE; at = following) {
      following = nextInBatch[at]!
      if (outcome !== SUCCEEDED || this.handling.isReported(at, failed > 0)) {
        queue.batches.letGo(at)
        failed++
      } else if (queue.complete(at)) deleted++
    }
    this.meter.failed.add(failed)
    this.meter.deleted.add(deleted)
    queue.meter.requests.delete(deleted)
    if (this.collecting === NONE) this.window.restart()
    this.free(batch)
  }

  /** A throttled batch is tried again until the first of its messages becomes visible. */
  private retry(batch: number): void {
    this.backingOff--
    if (this.world.simulator.nowUs < this.queue.batches.deadlineUs[batch]!) this.invoke(batch)
    else this.abandon(batch)
  }

  /** Its messages come back by themselves: a receive is used up without an invocation. */
  private abandon(batch: number): void {
    this.queue.batches.letGoOfAll(batch)
    this.free(batch)
  }

  private free(batch: number): void {
    this.queue.batches.give(batch)
    this.occupy(-1)
    if (this.busy === 0 && this.queue.isQuiet) this.target.reset()
    this.queue.changed()
  }

  private occupy(change: number): void {
    this.busy += change
    this.meter.occupied(this.world.simulator.nowUs, this)
  }

  /** Once a second while it is saturated; asked when it has received all that it may for now. */
  private considerGrowth(): void {
    const isDue = this.growth.takeDue()
    const isLimited = !this.hasPlace || this.isHeldBack
    if (!this.isReading || !isLimited || !this.queue.hasNext) return
    if (isDue) this.target.grow()
    this.growth.arm()
    this.pollWhenPossible()
  }

  private targetChanged(): void {
    const { nowUs } = this.world.simulator
    this.meter.targetChanged(nowUs, this)
    this.rates?.setPollers(nowUs, this.target.pollers!)
  }
}
