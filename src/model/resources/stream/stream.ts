/**
 * A stream of records: a Kinesis data stream, a Kafka topic or the change stream of a DynamoDB
 * table. Each consumer reads every record; the stream's book gives a record one outcome, the worst
 * over its consumers.
 * Source: Kinesis Data Streams developer guide, "Amazon Kinesis Data Streams terminology and
 * concepts".
 */
import { hashName } from '../../../kernel/generator.ts'
import { RANK_CONTROL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import type { MessageShape } from '../../messages/births.ts'
import { NO_LINEAGE } from '../../messages/lineage.ts'
import {
  ENTERED_US,
  NEXT,
  NONE,
  ORDINAL,
  PREVIOUS,
  SIZE_BYTES,
  YOUNGER,
} from '../../messages/message-store.ts'
import type { Book } from '../../metrics/ledger.ts'
import type { LimitUse, Part } from '../../part.ts'
import { piecesOf } from '../../pricing/charge.ts'
import { foldOrdinal, MESSAGE_ENDED } from '../../transitions.ts'
import type { World } from '../../world.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target, THROTTLED } from '../target.ts'
import { OnDemandCapacity } from './on-demand-capacity.ts'
import {
  RECORD_OUTCOMES,
  type RecordConsumer,
  type RecordOutcome,
  SUCCEEDED,
} from './record-consumer.ts'
import { shardUses } from './shard-uses.ts'
import { hashOfKey, type Shard, Shards } from './shards.ts'
import { StreamMeter } from './stream-meter.ts'

/** A PUT payload unit (aws.amazon.com/kinesis/data-streams/pricing). */
const BYTES_PER_PUT_UNIT = 25_600

export interface StreamSettings {
  readonly section: 'streams' | 'tables'
  readonly scope: 'stream' | 'table'
  readonly name: string
  readonly shardCount: number
  readonly retentionUs: number
  readonly largestRecordBytes: number
  /** Whether shards have Kinesis's limits on writes and reads. */
  readonly isLimited: boolean
  /** Whether capacity follows the traffic. */
  readonly isOnDemand: boolean
}

/** What is in a stream at time 0, spread evenly over its age. */
export interface InitialRecords {
  readonly records: number
  readonly ageUs: number
  readonly shape: MessageShape
}

export class Stream implements Part, Target {
  readonly scope: 'stream' | 'table'
  readonly name: string
  readonly path: string
  readonly hash: number
  readonly retentionUs: number
  readonly meter: StreamMeter
  private readonly settings: StreamSettings
  private readonly world: World
  private readonly initial: InitialRecords | null
  private readonly shards: Shards
  private readonly consumers: RecordConsumer[] = []
  /** Of these, those that records are pushed to. */
  private readonly fannedOut = new Set<RecordConsumer>()
  private readonly onDemand: OnDemandCapacity | null
  private readonly minutePasses: number
  /** What records written are billed as. */
  putUnits = 0
  /** Records that no consumer reads. */
  private unread = 0
  /** Records with several consumers, not finished by all. */
  private shared = 0

  constructor(settings: StreamSettings, initial: InitialRecords | null, world: World) {
    this.settings = settings
    this.world = world
    this.initial = initial
    this.scope = settings.scope
    this.name = settings.name
    this.path = `${settings.section}.${settings.name}`
    this.hash = hashName(this.path)
    this.retentionUs = settings.retentionUs
    this.shards = new Shards(settings.shardCount, settings.isLimited)
    this.onDemand = settings.isOnDemand ? new OnDemandCapacity() : null
    this.meter = new StreamMeter(world.recorder, settings.scope, settings.name, settings.isLimited)
    this.meter.openShards.set(settings.shardCount)
    this.minutePasses = world.addEventKind(() => this.followTraffic())
  }

  /** Before the run starts. */
  attach(consumer: RecordConsumer, isFannedOut: boolean): void {
    if (isFannedOut) this.fannedOut.add(consumer)
    this.consumers.push(consumer)
    consumer.addShards(this.shards.open)
  }

  start(): void {
    if (this.initial !== null) this.fill(this.initial)
    if (this.onDemand !== null) this.armMinute()
  }

  accept(message: number): Acceptance {
    const { messages, births, simulator } = this.world
    const sizeBytes = messages.ints[8 * message + SIZE_BYTES]!
    if (sizeBytes > this.settings.largestRecordBytes) return REJECTED
    const hash = hashOfKey(births.keyOf(message))
    const shard = this.shards.shardOf(hash)
    if (shard.writes !== null && !shard.writes.admits(simulator.nowUs, sizeBytes)) {
      this.meter.writesExceeded!.add(1)
      return THROTTLED
    }
    this.meter.records.add(1)
    this.meter.bytes.add(sizeBytes)
    this.putUnits += piecesOf(sizeBytes, BYTES_PER_PUT_UNIT)
    this.onDemand?.count(sizeBytes)
    messages.reals[4 * message + ENTERED_US] = simulator.nowUs
    // Lambda does not follow chains of events through streams.
    messages.lineage[message] = NO_LINEAGE
    this.enter(message, hash, shard, this.consumers)
    return ACCEPTED
  }

  /** Payload read by consumers with enhanced fan-out, or by those without. */
  bytesRead(isFannedOut: boolean): number {
    const same = this.consumers.filter((each) => this.fannedOut.has(each) === isFannedOut)
    return same.reduce((sum, { meter }) => sum + meter.bytesRead, 0)
  }

  get fannedOutConsumers(): number {
    return this.fannedOut.size
  }

  /** A consumer is done with a record, whose slot is given back. */
  settle(record: number, outcome: RecordOutcome): void {
    const { messages, transitions } = this.world
    const ordinal = messages.reals[4 * record + ORDINAL]!
    transitions.announce(MESSAGE_ENDED, this.hash, foldOrdinal(ordinal), record)
    const parent = messages.parent[record]!
    if (parent === NONE) {
      this.close(record, outcome)
      return
    }
    messages.give(record)
    // Of a parent, PREVIOUS holds the worst outcome so far and NEXT the copies still out.
    const { links } = messages
    const worst = Math.max(links[4 * parent + PREVIOUS]!, outcome)
    links[4 * parent + PREVIOUS] = worst
    links[4 * parent + NEXT]!--
    if (links[4 * parent + NEXT] === 0) {
      this.shared--
      this.close(parent, worst as RecordOutcome)
    }
  }

  command(_verb: string, options: unknown): void {
    this.reshard((options as { readonly shardCount: number }).shardCount)
  }

  limitUses(): readonly LimitUse[] {
    const { scope, name, settings, shards } = this
    return settings.isLimited ? shardUses({ scope, name }, shards.all) : []
  }

  closeBooks(): readonly Book[] {
    const { ledger } = this.meter
    for (const consumer of this.consumers) consumer.expireUnread()
    const [first, second] = this.consumers
    if (first !== undefined && second === undefined) {
      ledger.close(this.unread + first.unfinished - first.running, first.running)
    } else {
      const running = this.sharedRunning()
      ledger.close(this.unread + this.shared - running, running)
    }
    return [ledger]
  }

  private enter(
    message: number,
    hash: number,
    shard: Shard,
    consumers: readonly RecordConsumer[],
  ): void {
    const { messages } = this.world
    this.meter.ledger.entered++
    if (consumers.length === 0) {
      this.unread++
      messages.give(message)
    } else if (consumers.length === 1 && this.consumers.length === 1) {
      messages.parent[message] = NONE
      messages.batch[message] = hash
      consumers[0]!.take(message, shard)
    } else {
      this.share(message, hash, shard, consumers)
    }
  }

  /** Each consumer gets a copy of its own; the record itself stands for them all. */
  private share(
    message: number,
    hash: number,
    shard: Shard,
    consumers: readonly RecordConsumer[],
  ): void {
    const { messages } = this.world
    const enteredUs = messages.reals[4 * message + ENTERED_US]!
    messages.links[4 * message + NEXT] = consumers.length
    messages.links[4 * message + PREVIOUS] = 0
    messages.links[4 * message + YOUNGER] = NOT_COUNTED
    this.shared++
    for (const consumer of consumers) {
      const copy = messages.copy(message)
      messages.reals[4 * copy + ENTERED_US] = enteredUs
      messages.parent[copy] = message
      messages.batch[copy] = hash
      consumer.take(copy, shard)
    }
  }

  private close(message: number, outcome: RecordOutcome): void {
    const { messages, simulator } = this.world
    const { meter } = this
    meter.ledger.settle(RECORD_OUTCOMES[outcome]!)
    if (outcome === SUCCEEDED) {
      meter.endToEnd.record(simulator.nowUs - messages.reals[4 * message + ENTERED_US]!)
    } else if (outcome > SUCCEEDED) meter.loss.add(1)
    messages.give(message)
  }

  private fill({ records, ageUs, shape }: InitialRecords): void {
    const { messages, births } = this.world
    const birth = births.add(`${this.path}/initial`, shape)
    const readers = this.consumers.filter(({ readsInitialRecords }) => readsInitialRecords)
    for (let ordinal = 0; ordinal < records; ordinal++) {
      const message = messages.create(birth, ordinal, shape.sizeBytes, 0)
      messages.reals[4 * message + ENTERED_US] = Math.round(ageUs * (ordinal / records - 1))
      const hash = hashOfKey(births.keyOf(message))
      this.enter(message, hash, this.shards.shardOf(hash), readers)
    }
  }

  private reshard(count: number): void {
    const created = this.shards.replace(count)
    this.meter.openShards.set(count)
    for (const consumer of this.consumers) consumer.addShards(created)
  }

  private armMinute(): void {
    const atUs = this.world.simulator.nowUs + MICROSECONDS_PER_MINUTE
    this.world.simulator.scheduleLater(atUs, RANK_CONTROL, this.minutePasses, 0)
  }

  private followTraffic(): void {
    const count = this.onDemand!.shardsAfterMinute(this.shards.open.length)
    if (count > this.shards.open.length) this.reshard(count)
    this.armMinute()
  }

  private sharedRunning(): number {
    const { messages } = this.world
    let count = 0
    for (const consumer of this.consumers) {
      consumer.visitRunning((record) => {
        const parent = messages.parent[record]!
        if (messages.links[4 * parent + YOUNGER] !== NOT_COUNTED) return
        messages.links[4 * parent + YOUNGER] = COUNTED
        count++
      })
    }
    return count
  }
}

const NOT_COUNTED = 0
const COUNTED = 1
