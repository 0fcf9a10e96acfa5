/**
 * What an event source mapping does with the records of its lanes: batches, invocations, retries.
 * Source: Lambda developer guide, "How Lambda processes records from stream and queue-based event
 * sources" and "Process Amazon Kinesis Data Streams records with Lambda": a failing batch blocks
 * its shard until it succeeds, expires or uses up its retries; throttles and bisecting use up none.
 */
import { hashName } from '../../../../kernel/generator.ts'
import { RANK_POLL } from '../../../../kernel/order.ts'
import type { Qualifier } from '../../../compute/lambda-function.ts'
import { Router } from '../../../compute/router.ts'
import { RecordHandling } from '../../../handler/record-handling.ts'
import { ENTERED_US, NONE, ORDINAL, RECEIVES } from '../../../messages/message-store.ts'
import { SUCCEEDED as RECORD_SUCCEEDED } from '../../../resources/stream/record-consumer.ts'
import { foldOrdinal, MESSAGE_RECEIVED, MESSAGE_RETURNED } from '../../../transitions.ts'
import type { World } from '../../../world.ts'
import { DURATION_US } from '../../invocation-store.ts'
import type { Origin } from '../../origin.ts'
import { SUCCEEDED } from '../../outcome.ts'
import { BackOff } from './back-off.ts'
import { BatchForming } from './batch-forming.ts'
import type { ConsumerMeter } from './consumer-meter.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import { HOLDING, IDLE, Lane, RUNNING } from './lane.ts'
import type { Pollers } from './pollers.ts'
import { RecordExits } from './record-exits.ts'
import type { ShardReader } from './shard-reader.ts'

/** Deliveries of a tumbling window's last invocation are counted from here: apart from its records'. */
const WINDOW_DELIVERIES = 32_768

export interface LaneWorkOptions {
  /** `functions.fulfil.events.orders`. */
  readonly path: string
  /** FUNCTION.EVENT. */
  readonly name: string
  readonly qualifier: Qualifier
  readonly world: World
  readonly settings: ConsumerSettings
  readonly windowBeginsWithRecord: boolean
  readonly meter: ConsumerMeter
  readonly pollers: Pollers | null
  /** The lane has nothing to send. */
  readonly onIdle: (lane: Lane) => void
}

export class LaneWork implements Origin {
  readonly name: string
  readonly hash: number
  readonly retriesThrottles = true
  readonly forming: BatchForming
  readonly lanes: Lane[] = []
  settings: ConsumerSettings
  isEnabled: boolean
  readonly exits: RecordExits
  /** Records that invocations work on. */
  running = 0
  /** Tumbling windows whose last invocation is still to come. */
  openWindows = 0
  private runningBatches = 0
  private isRefused = false
  readonly options: LaneWorkOptions
  private readonly world: World
  private readonly handling: RecordHandling
  private readonly router: Router
  private readonly origin: number
  private readonly laneWakes: number
  private readonly backOff: BackOff

  constructor(options: LaneWorkOptions) {
    const { path, qualifier, world, settings, windowBeginsWithRecord } = options
    this.options = options
    this.world = world
    this.name = options.name
    this.hash = hashName(path)
    this.settings = settings
    this.exits = new RecordExits(settings, options.meter, world)
    this.isEnabled = settings.isEnabled
    const { messages, streamRoot, invocations } = world
    const { startsAtMs } = world.settings
    this.forming = new BatchForming(settings, windowBeginsWithRecord, messages, startsAtMs)
    const owner = qualifier.function
    this.handling = new RecordHandling(owner, options.world)
    this.router = new Router(qualifier, `${streamRoot}/${path}`)
    this.origin = invocations.addOrigin(this)
    this.laneWakes = world.addEventKind((index) => this.wake(this.lanes[index]!))
    this.backOff = new BackOff(path, world)
    qualifier.isCalled = true
  }

  configure(settings: ConsumerSettings): void {
    this.settings = settings
    this.exits.settings = settings
    this.forming.configure(settings)
  }

  addLane(reader: ShardReader): Lane {
    const lane = new Lane(this.lanes.length, reader, this.world.messages)
    lane.windowStartUs = this.world.simulator.nowUs
    this.lanes.push(lane)
    return lane
  }

  /**
   * Whether the number of lanes has been changed: the new ones take over when the former ones have
   * finished their batches, so that each key's order is kept.
   */
  isRescaling(reader: ShardReader): boolean {
    return reader.lanes.length !== this.settings.parallelizationFactor
  }

  /** Does what can be done at this instant. */
  advance(lane: Lane): void {
    const { pollers } = this.options
    while (this.isEnabled && lane.state !== RUNNING) {
      if (lane.state === IDLE && !this.hold(lane)) return
      this.exits.giveUpOld(lane)
      if (lane.batchCount === 0 && !lane.isClosingWindow) {
        this.release(lane)
      } else if (this.world.simulator.nowUs < lane.retryAtUs) {
        this.arm(lane, Math.min(lane.retryAtUs, this.exits.tooOldUs(lane.records.head)))
        return
      } else if (pollers !== null && this.runningBatches >= pollers.places) {
        pollers.wait(lane)
        return
      } else this.send(lane)
    }
  }

  /** Batches that wait for a poller are sent as far as pollers are free. */
  serveWaiting(): void {
    const { pollers } = this.options
    while (pollers !== null && this.runningBatches < pollers.places) {
      const lane = pollers.next()
      if (lane === undefined) return
      this.advance(lane)
    }
  }

  onRefused(invocation: number, cause: number): void {
    this.isRefused = true
    const lane = this.lanes[this.world.invocations.store.cause[invocation]!]!
    const { meter, pollers } = this.options
    meter.throttled.add(1)
    if (pollers !== null) pollers.wasThrottled = true
    lane.state = HOLDING
    this.backOff.afterRefusal(lane, this.firstOf(lane), this.settings, cause)
  }

  onEnded(invocation: number, outcome: number): void {
    const lane = this.lanes[this.world.invocations.store.cause[invocation]!]!
    this.runningBatches--
    this.running -= lane.batchCount
    lane.state = HOLDING
    if (outcome !== SUCCEEDED) this.fail(lane, lane.batchCount)
    else if (lane.isClosingWindow) this.closeWindow(lane)
    else if (lane.firstFailed !== NONE) this.succeedInPart(lane)
    else this.succeed(lane, lane.batchCount)
    this.serveWaiting()
    this.advance(lane)
  }

  forEachMessage(invocation: number, visit: (record: number) => void): void {
    const lane = this.lanes[this.world.invocations.store.cause[invocation]!]!
    const { handling } = this
    const namesFailures = this.settings.reportsItemFailures && lane.firstFailed !== NONE
    visitBatch(lane, (record) => {
      if (!namesFailures || !handling.fails(record)) visit(record)
    })
  }

  forEachDelivered = (invocation: number, visit: (record: number) => void): void =>
    visitBatch(this.lanes[this.world.invocations.store.cause[invocation]!]!, visit)

  private wake(lane: Lane): void {
    if (this.world.simulator.nowUs !== lane.armedUs) return
    lane.armedUs = Number.POSITIVE_INFINITY
    this.advance(lane)
  }

  private arm(lane: Lane, atUs: number): void {
    if (lane.armedUs <= atUs) return
    lane.armedUs = atUs
    this.world.simulator.schedule(atUs, RANK_POLL, this.laneWakes, lane.index)
  }

  /** The lane's next batch, if there is one; else it is idle, and wakes when there may be one. */
  private hold(lane: Lane): boolean {
    if (!lane.takeRest()) {
      const { records, windowRecord } = lane
      if (windowRecord !== NONE && !this.forming.hasRecordsOfOpenWindow(lane)) {
        if (!this.isDue(lane, this.forming.openWindowEndUs(lane))) return false
        lane.isClosingWindow = true
      } else {
        if (records.length === 0 || this.isRescaling(lane.reader)) {
          this.options.onIdle(lane)
          return false
        }
        if (!this.forming.isFull(lane) && !this.isDue(lane, this.forming.dueUs(lane))) return false
        lane.batchCount = this.forming.count(lane)
      }
    }
    lane.state = HOLDING
    this.options.meter.concurrency.add(1)
    return true
  }

  private isDue(lane: Lane, dueUs: number): boolean {
    if (this.world.simulator.nowUs >= dueUs) return true
    this.arm(lane, dueUs)
    this.options.onIdle(lane)
    return false
  }

  private release(lane: Lane): void {
    lane.state = IDLE
    lane.retries = 0
    lane.refusals = 0
    lane.retryAtUs = 0
    lane.isClosingWindow = false
    lane.windowStartUs = this.world.simulator.nowUs
    this.options.meter.concurrency.add(-1)
  }

  private firstOf(lane: Lane): number {
    return lane.isClosingWindow ? lane.windowRecord : lane.records.head
  }

  private send(lane: Lane): void {
    const { messages, invocations, simulator } = this.world
    const { qualifier, meter } = this.options
    if (!lane.isClosingWindow && this.forming.openWindow(lane)) {
      this.openWindows++
      messages.shorts[16 * lane.windowRecord + RECEIVES] = WINDOW_DELIVERIES
    }
    const first = this.firstOf(lane)
    const ordinal = messages.reals[4 * first + ORDINAL]!
    const slot = invocations.open(this.origin, ordinal)
    invocations.store.cause[slot] = lane.index
    this.handling.writeFixed(slot, first)
    invocations.store.reals[4 * slot + DURATION_US]! += this.recordsUs(lane)
    if (qualifier.function.drawsFailures) {
      const fails = lane.firstFailed !== NONE && !this.settings.reportsItemFailures
      this.handling.writeFailureDraw(slot, first, fails)
    }
    lane.state = RUNNING
    this.isRefused = false
    invocations.attempt(slot, qualifier, this.router.poolOf(ordinal), false)
    if (this.isRefused) return
    lane.refusals = 0
    this.runningBatches++
    this.running += lane.batchCount
    const last = this.announce(MESSAGE_RECEIVED, lane)
    meter.sent(lane.batchCount, simulator.nowUs - messages.reals[4 * last + ENTERED_US]!)
  }

  /** What the batch's records take, and which of them the handler fails on. */
  private recordsUs(lane: Lane): number {
    const { handling } = this
    let record = lane.records.head
    let durationUs = 0
    lane.firstFailed = NONE
    lane.failedCount = 0
    for (let place = 0; place < lane.batchCount; place++) {
      durationUs += handling.recordUs(record)
      if (handling.mayFail && handling.fails(record)) {
        if (lane.firstFailed === NONE) lane.firstFailed = place
        lane.failedCount++
      }
      record = lane.records.after(record)
    }
    return durationUs
  }

  private succeed(lane: Lane, count: number): void {
    this.exits.settleFirst(lane, count, RECORD_SUCCEEDED)
    this.options.meter.committed?.add(count)
  }

  /** The lowest failed record is the checkpoint: what is before it is done, the rest is retried. */
  private succeedInPart(lane: Lane): void {
    const { firstFailed, failedCount } = lane
    this.succeed(lane, firstFailed)
    // With bisecting, a batch is split at its checkpoint.
    if (firstFailed > 0 && this.settings.bisects) {
      this.options.meter.failed.add(failedCount)
      this.retry(lane)
    } else this.fail(lane, failedCount)
  }

  private fail(lane: Lane, failedCount: number): void {
    const { bisects, maximumRetryAttempts } = this.settings
    const { nowUs } = this.world.simulator
    this.options.meter.failed.add(failedCount)
    if (bisects && lane.batchCount > 1) {
      this.retry(lane)
      lane.split(Math.floor(lane.batchCount / 2))
      return
    }
    lane.retries++
    const isOver = lane.retries > maximumRetryAttempts
    if (lane.isClosingWindow && (isOver || this.exits.tooOldUs(lane.windowRecord) <= nowUs)) {
      this.closeWindow(lane)
    } else if (!isOver) this.retry(lane)
    else this.exits.giveUp(lane, lane.batchCount)
  }

  /** All records of the batch have been delivered once more, also where it is split after that. */
  private retry(lane: Lane): void {
    const { messages } = this.world
    this.announce(MESSAGE_RETURNED, lane)
    const first = this.firstOf(lane)
    let record = first
    for (let place = 0; place < Math.max(1, lane.batchCount); place++) {
      messages.countReceive(record)
      record = lane.records.after(record)
    }
    this.backOff.afterError(lane, first, this.settings)
  }

  private closeWindow(lane: Lane): void {
    this.world.messages.give(lane.windowRecord)
    lane.windowRecord = NONE
    this.openWindows--
    lane.isClosingWindow = false
  }

  /** Announces each record of the batch; returns the last one. */
  private announce(code: number, lane: Lane): number {
    const { messages, transitions } = this.world
    let last = this.firstOf(lane)
    let record = lane.records.head
    for (let place = 0; place < lane.batchCount; place++) {
      last = record
      transitions.announce(
        code,
        this.hash,
        foldOrdinal(messages.reals[4 * record + ORDINAL]!),
        record,
      )
      record = lane.records.after(record)
    }
    return last
  }
}

/** Calls `visit` with each record of the lane's batch. */
export function visitBatch(lane: Lane, visit: (record: number) => void): void {
  let record = lane.records.head
  for (let place = 0; place < lane.batchCount; place++) {
    visit(record)
    record = lane.records.after(record)
  }
}
