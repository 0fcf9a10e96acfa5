import { invariant } from '../../../kernel/invariant.ts'
import type { Distribution } from '../../distributions/distribution.ts'
import { Disturbances } from '../../downstream/disturbances.ts'
import type { CalledResource, CallPlace, CallTarget } from '../../downstream/downstream.ts'
import { NONE, SIZE_BYTES } from '../../messages/message-store.ts'
import type { Book } from '../../metrics/ledger.ts'
import type { LimitUse } from '../../part.ts'
import type { World } from '../../world.ts'
import { hashOfKey } from '../stream/shards.ts'
import { type InitialRecords, Stream } from '../stream/stream.ts'
import { ACCEPTED, type Acceptance, REJECTED, THROTTLED } from '../target.ts'
import { type CapacitySettings, TableCapacity } from './capacity.ts'
import { accessOf, LARGEST_ITEM_BYTES, type TableAccess } from './operations.ts'
import { TableCalls } from './table-calls.ts'
import { TableMeter } from './table-meter.ts'

export interface TableSettings {
  readonly name: string
  readonly streamShards: number
  readonly retentionUs: number
  /** How long it takes to answer a request, us. */
  readonly latency: Distribution
  readonly capacity: CapacitySettings
}

/** What `timeline` may set. */
interface Provisioning {
  readonly provisionedThroughput?: {
    readonly readCapacityUnits: number
    readonly writeCapacityUnits: number
  }
}

/**
 * A DynamoDB table: it answers the calls of handlers and takes the writes of producers as far as its
 * capacity goes, and every write is a record of its change stream.
 */
export class Table extends Stream implements CalledResource {
  readonly latency: Distribution
  readonly requests: TableMeter
  readonly disturbances: Disturbances
  readonly capacity: TableCapacity
  /** Calls being served, also those that nobody waits for. */
  private served = 0
  /** The write that a call has paid for. */
  private paidFor = NONE

  constructor(settings: TableSettings, initial: InitialRecords | null, world: World) {
    const { name, streamShards, retentionUs, capacity } = settings
    super(
      {
        section: 'tables',
        scope: 'table',
        name,
        shardCount: streamShards,
        retentionUs,
        largestRecordBytes: LARGEST_ITEM_BYTES,
        isLimited: false,
        isOnDemand: false,
      },
      initial,
      world,
    )
    this.latency = settings.latency
    this.requests = new TableMeter(world.recorder, name, capacity.isProvisioned)
    this.disturbances = new Disturbances(world.simulator)
    this.capacity = new TableCapacity(capacity, this.requests, world)
  }

  override start(): void {
    super.start()
    this.capacity.start()
  }

  calledFrom(place: CallPlace): CallTarget {
    return new TableCalls(this, place, this.world)
  }

  /** Every write comes in here. A call has paid for its own already, when it began. */
  override accept(message: number): Acceptance {
    if (message === this.paidFor) return super.accept(message)
    const { births, messages } = this.world
    const sizeBytes = messages.ints[8 * message + SIZE_BYTES]!
    if (sizeBytes > LARGEST_ITEM_BYTES) return REJECTED
    this.requests.requests.add(1)
    const isServed = this.pay(accessOf('put', sizeBytes), births.keyOf(message))
    return isServed ? super.accept(message) : THROTTLED
  }

  /** Takes the units of a request from the capacity, or counts it as throttled. */
  pay({ isWrite, units }: TableAccess, key: number): boolean {
    if (this.capacity.take(isWrite, units, hashOfKey(key))) return true
    this.requests.throttledRequests.add(1)
    return false
  }

  beginService(): void {
    this.served++
  }

  endService(): void {
    this.served--
  }

  /** A call has written an item. */
  write(message: number): void {
    this.paidFor = message
    const acceptance = this.accept(message)
    this.paidFor = NONE
    invariant(acceptance === ACCEPTED, () => `${this.path} did not take what a call wrote`)
  }

  pending(): number {
    return this.served
  }

  reconfigure(config: unknown): void {
    const { provisionedThroughput } = config as Provisioning
    if (provisionedThroughput === undefined) return
    const { readCapacityUnits, writeCapacityUnits } = provisionedThroughput
    this.capacity.provision(readCapacityUnits, writeCapacityUnits)
  }

  override command(verb: string, options: unknown): void {
    this.disturbances.command(verb, options)
  }

  override limitUses(): readonly LimitUse[] {
    return this.capacity.limitUses(this.name)
  }

  /** Where nobody reads the change stream a write is done with when it is written. */
  protected override keepUnread(): void {
    if (this.hasConsumers) super.keepUnread()
    else this.meter.ledger.settle('succeeded')
  }

  override closeBooks(): readonly Book[] {
    const { begun, ended, open } = this.requests
    invariant(
      begun - ended === open.level,
      () => `${this.path}: ${begun} calls began, ${ended} ended, ${open.level} are open`,
    )
    return super.closeBooks()
  }
}
