/**
 * An event source mapping that reads a stream: polls its shards and hands their records to lanes.
 * Source: Lambda developer guide, "Using Lambda to process records from Amazon Kinesis Data
 * Streams": each shard is polled once a second, and on at once while more records are available.
 */
import { Generator, hashName, rekey } from '../../../../kernel/generator.ts'
import { invariant } from '../../../../kernel/invariant.ts'
import { RANK_POLL } from '../../../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE } from '../../../../kernel/time.ts'
import type { Qualifier } from '../../../compute/lambda-function.ts'
import { Filter } from '../../../messages/filter.ts'
import { ENTERED_US, NONE, SIZE_BYTES } from '../../../messages/message-store.ts'
import type { Backlog, Part } from '../../../part.ts'
import { BYTES_READ_PER_SECOND, ReadBudget } from '../../../resources/stream/limits.ts'
import {
  EXPIRED,
  FILTERED,
  type RecordConsumer,
} from '../../../resources/stream/record-consumer.ts'
import type { Shard } from '../../../resources/stream/shards.ts'
import { Stream } from '../../../resources/stream/stream.ts'
import type { World } from '../../../world.ts'
import { ConsumerMeter } from './consumer-meter.ts'
import type { ConsumerSettings, PollingTraits } from './consumer-settings.ts'
import { IDLE, RUNNING } from './lane.ts'
import { LaneWork, visitBatch } from './lane-work.ts'
import { Pollers } from './pollers.ts'
import { FAILURE_DESTINATIONS } from './schema.ts'
import { ShardReader } from './shard-reader.ts'
import { streamHold } from './stream-hold.ts'

/** One GetRecords call (Kinesis Data Streams API reference): 10,000 records, 10 MB. */
const RECORDS_PER_READ = 10_000
const BYTES_PER_READ = 10_485_760
const POLL_PHASE = hashName('poll-phase')

export interface StreamConsumerOptions {
  readonly path: string
  /** FUNCTION.EVENT. */
  readonly name: string
  /** What it reads, and in which section that is. */
  readonly source: string
  readonly section: 'streams' | 'tables'
  readonly settings: ConsumerSettings
  readonly traits: PollingTraits
  /** The settings of a configuration that the timeline has changed. */
  readonly settingsOf: (config: unknown) => ConsumerSettings
}

export class StreamConsumer implements Part, RecordConsumer {
  readonly path: string
  private readonly options: StreamConsumerOptions
  private readonly world: World
  readonly meter: ConsumerMeter
  private readonly work: LaneWork
  readonly pollers: Pollers | null
  private readonly filter: Filter | null
  /** By index of the shard. */
  private readonly readers: ShardReader[] = []
  private readonly generator = new Generator()
  private readonly functionName: string
  private readonly phaseStream: number
  private readonly readerPolls: number
  private readonly minutePasses: number
  /** Records that came so far. */
  private taken = 0

  constructor(options: StreamConsumerOptions, qualifier: Qualifier, world: World) {
    const { path, name, settings, traits } = options
    this.path = path
    this.options = options
    this.world = world
    const isProvisioned = traits.pollers?.isProvisioned === true
    const owner = qualifier.function
    this.functionName = owner.name
    this.meter = new ConsumerMeter(world.recorder, owner, name, traits.hasOffsets, isProvisioned)
    this.pollers = traits.pollers === null ? null : new Pollers(traits.pollers, world)
    this.work = new LaneWork({
      path,
      name,
      qualifier,
      world,
      settings,
      windowBeginsWithRecord: traits.windowBeginsWithRecord,
      meter: this.meter,
      pollers: this.pollers,
      onIdle: (lane) => this.onIdle(lane.reader),
    })
    this.filter = settings.filter === null ? null : new Filter(settings.filter, path, world.births)
    this.phaseStream = hashName(`${world.streamRoot}/${path}`)
    this.readerPolls = world.addEventKind((index) => this.poll(this.readers[index]!))
    this.minutePasses = world.addEventKind(() => this.evaluatePollers())
    if (traits.hasOffsets) {
      world.recorder.sampled('event', name, 'OffsetLag', () => this.work.exits.unfinished)
    }
  }

  get readsInitialRecords(): boolean {
    return this.work.settings.readsInitialRecords
  }

  get unfinished(): number {
    return this.work.exits.unfinished
  }

  get running(): number {
    return this.work.running
  }

  connect(): void {
    const { source, section, settings, traits } = this.options
    const stream = this.world.target(source, [section])
    invariant(stream instanceof Stream, () => `${this.path} reads ${source}, which is no stream`)
    this.work.exits.stream = stream
    if (settings.onFailure !== null) {
      this.work.exits.onFailure = this.world.target(settings.onFailure, FAILURE_DESTINATIONS)
    }
    stream.attach(this, traits.pushDelayUs !== null)
  }

  start(): void {
    if (this.pollers === null) return
    this.meter.pollers?.set(this.pollers.count)
    this.armMinute()
  }

  take(record: number, shard: Shard): void {
    const reader = this.readers[shard.index]!
    reader.unread.append(record)
    this.work.exits.unfinished++
    this.taken++
    this.seek(reader)
  }

  addShards(shards: readonly Shard[]): void {
    for (const shard of shards) this.addReader(shard)
    for (const shard of shards) {
      for (const parent of shard.parents) this.finishIfDrained(this.readers[parent.index]!)
    }
  }

  expireUnread(): void {
    const { messages, simulator } = this.world
    const { retentionUs } = this.work.exits.stream!
    const latestUs = simulator.nowUs - retentionUs
    for (const { unread } of this.readers) {
      while (unread.head !== NONE && messages.reals[4 * unread.head + ENTERED_US]! <= latestUs) {
        this.settleUnread(unread.shift(), EXPIRED)
      }
    }
  }

  visitRunning(visit: (record: number) => void): void {
    for (const lane of this.work.lanes) if (lane.state === RUNNING) visitBatch(lane, visit)
  }

  pending(): number {
    return this.work.isEnabled ? this.work.exits.unfinished + this.work.openWindows : 0
  }

  backlog(): Backlog {
    const { work } = this
    const waiting = work.exits.unfinished - work.running
    const { scope, name } = work.exits.stream!
    const event = { scope: 'event', name: this.options.name } as const
    const reader = { scope: 'function', name: this.functionName } as const
    const places = [{ scope, name }, event, reader]
    return { ...event, places, waiting, total: this.taken, heldBy: streamHold(work, this.readers) }
  }

  command(verb: string, _options: unknown): void {
    this.work.isEnabled = verb === 'enable'
    this.advanceAll()
  }

  reconfigure(config: unknown): void {
    this.work.configure(this.options.settingsOf(config))
    this.advanceAll()
  }

  private advanceAll(): void {
    for (const reader of this.readers) {
      for (const lane of reader.lanes) this.work.advance(lane)
    }
  }

  private addReader(shard: Shard): void {
    const { pollIntervalUs } = this.options.traits
    const draw = rekey(this.generator, this.phaseStream, shard.index, POLL_PHASE, 0).nextUniform()
    const phaseUs = this.world.simulator.nowUs + Math.floor(draw * pollIntervalUs)
    const budget = this.budgetOf(shard)
    const reader = new ShardReader(shard, budget, this.world.messages, phaseUs, pollIntervalUs)
    if (budget !== null && budget === shard.reads) budget.pollers.push(reader)
    this.readers.push(reader)
    this.addLanes(reader)
    for (const parent of shard.parents) {
      const former = this.readers[parent.index]!
      former.children.push(reader)
      reader.unfinishedParents++
    }
  }

  private budgetOf(shard: Shard): ReadBudget | null {
    if (this.pollers !== null) return this.pollers.budget
    if (this.options.traits.pushDelayUs === null) return shard.reads
    return new ReadBudget(BYTES_READ_PER_SECOND, false)
  }

  private addLanes(reader: ShardReader): void {
    const { parallelizationFactor } = this.work.settings
    const lanes = Array.from({ length: parallelizationFactor }, () => this.work.addLane(reader))
    reader.replaceLanes(lanes, this.world.messages, this.world.simulator.nowUs)
  }

  /** A lane has nothing to send. */
  private onIdle(reader: ShardReader): void {
    if (this.work.isRescaling(reader) && reader.lanes.every(({ state }) => state === IDLE)) {
      this.addLanes(reader)
      for (const lane of reader.lanes) this.work.advance(lane)
    }
    this.seek(reader)
    this.finishIfDrained(reader)
  }

  private finishIfDrained(reader: ShardReader): void {
    const { shard, isFinished, unfinishedParents } = reader
    if (shard.isOpen || isFinished || unfinishedParents > 0 || !reader.isDrained) return
    reader.isFinished = true
    for (const child of reader.children) {
      child.unfinishedParents--
      this.seek(child)
      this.finishIfDrained(child)
    }
  }

  /** Arms the reader's next read, if it may and should read. */
  private seek(reader: ShardReader): void {
    if (reader.armedUs !== Number.POSITIVE_INFINITY || !this.wantsRecords(reader)) return
    const { nowUs } = this.world.simulator
    if (reader.unread.length > 0) {
      this.arm(reader, this.nextPollUs(reader, nowUs))
      return
    }
    reader.pollsEmpty = true
    // A poll that was due while all lanes were busy happens now, and finds nothing.
    if (reader.regularPollUs(reader.polledUs + 1) <= nowUs) reader.polledUs = nowUs
  }

  private wantsRecords(reader: ShardReader): boolean {
    const { isEnabled, forming } = this.work
    if (!isEnabled || reader.unfinishedParents > 0) return false
    for (const lane of reader.lanes) if (lane.state === IDLE && !forming.isFull(lane)) return true
    return false
  }

  private nextPollUs(reader: ShardReader, nowUs: number): number {
    const { pushDelayUs } = this.options.traits
    if (pushDelayUs !== null) {
      const enteredUs = this.world.messages.reals[4 * reader.unread.head + ENTERED_US]!
      return Math.max(nowUs, enteredUs + pushDelayUs)
    }
    if (reader.pollsEmpty) {
      reader.budget?.chargeEmptyPolls(nowUs)
      reader.pollsEmpty = false
      return reader.regularPollUs(Math.max(nowUs, reader.polledUs + 1))
    }
    if (reader.leftRecords) return nowUs
    return Math.max(nowUs, reader.regularPollUs(reader.polledUs + 1))
  }

  private arm(reader: ShardReader, atUs: number): void {
    reader.armedUs = atUs
    this.world.simulator.schedule(atUs, RANK_POLL, this.readerPolls, reader.shard.index)
  }

  private poll(reader: ShardReader): void {
    const { simulator } = this.world
    reader.armedUs = Number.POSITIVE_INFINITY
    if (!this.wantsRecords(reader)) return
    const { budget } = reader
    if (budget !== null) {
      budget.chargeEmptyPolls(simulator.nowUs)
      const nextUs = budget.nextReadUs()
      if (nextUs > simulator.nowUs) {
        budget.noteWait(simulator.nowUs)
        if (budget === reader.shard.reads) this.work.exits.stream!.meter.readsExceeded!.add(1)
        this.arm(reader, nextUs)
        return
      }
    }
    this.read(reader)
    for (const lane of reader.lanes) this.work.advance(lane)
  }

  private read(reader: ShardReader): void {
    const { messages, simulator } = this.world
    const { nowUs } = simulator
    const { unread } = reader
    const putBeforeUs = nowUs - (this.options.traits.pushDelayUs ?? 0)
    const expiredUs = nowUs - this.work.exits.stream!.retentionUs
    let bytes = 0
    let count = 0
    while (unread.head !== NONE && count < RECORDS_PER_READ) {
      const record = unread.head
      const enteredUs = messages.reals[4 * record + ENTERED_US]!
      const sizeBytes = messages.ints[8 * record + SIZE_BYTES]!
      if (enteredUs > putBeforeUs || (count > 0 && bytes + sizeBytes > BYTES_PER_READ)) break
      unread.shift()
      if (enteredUs <= expiredUs) {
        this.settleUnread(record, EXPIRED)
        continue
      }
      bytes += sizeBytes
      count++
      if (this.filter !== null && !this.filter.passes(record)) {
        this.meter.filteredOut.add(1)
        this.settleUnread(record, FILTERED)
      } else reader.laneOf(messages.batch[record]!).append(record, sizeBytes, nowUs)
    }
    this.meter.read(count, bytes)
    reader.budget?.take(nowUs, bytes)
    reader.noteRead(nowUs)
  }

  private settleUnread(record: number, outcome: typeof EXPIRED | typeof FILTERED): void {
    this.work.exits.stream!.settle(record, outcome)
    this.work.exits.unfinished--
  }

  private armMinute(): void {
    const atUs = this.world.simulator.nowUs + MICROSECONDS_PER_MINUTE
    this.world.simulator.scheduleLater(atUs, RANK_POLL, this.minutePasses, 0)
  }

  private evaluatePollers(): void {
    const { work, meter, readers } = this
    const pollers = this.pollers!
    const partitions = readers.filter(({ shard }) => shard.isOpen).length
    pollers.evaluate(work.exits.unfinished, work.settings.batchSize, partitions)
    meter.pollers?.set(pollers.count)
    work.serveWaiting()
    this.armMinute()
  }
}
