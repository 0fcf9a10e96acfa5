/**
 * The connections that one producer holds to a WebSocket API, and the messages on them.
 * Source: Amazon API Gateway developer guide, "Quotas for configuring and running a WebSocket API in
 * API Gateway": a connection lasts 2 hours at most, and 10 minutes without anything on it.
 */
import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { Ledger, LedgerOutcome } from '../metrics/ledger.ts'
import type { World } from '../world.ts'
import type { Door } from './door.ts'
import { ANSWERED, type Fate, isTimeout, REQUEST_TOO_LARGE, THROTTLING_CODE } from './fate.ts'
import type { DoorClient, Visitor } from './visitor.ts'

export interface ConnectionSettings {
  /** How long clients stay, us; null: until the API closes the connection. */
  readonly duration: Distribution | null
  /** From one message to the next, us; null: they send none. */
  readonly messageInterval: Distribution | null
  /** Whether clients send ping frames often enough for a connection never to be idle. */
  readonly pings: boolean
}

/** Messages on a connection on average, for forecasts: as if none were idle for too long. */
export function meanMessages({ duration, messageInterval }: ConnectionSettings): number {
  if (messageInterval === null || messageInterval.mean === 0) return 0
  const stayUs = Math.min(duration?.mean ?? MAXIMUM_DURATION_US, MAXIMUM_DURATION_US)
  return stayUs / messageInterval.mean
}

const MAXIMUM_DURATION_US = 7_200_000_000
const IDLE_TIMEOUT_US = 600_000_000

const DURATION = hashName('connection-duration')
const INTERVAL = hashName('message-interval')

/** Nobody asks for the answer to a message: it is only counted. */
const SOMEBODY = 0

export class Connections {
  messages: Visitor | null = null
  disconnects: Visitor | null = null
  private readonly name: string
  private readonly door: Door
  private readonly world: World
  private readonly settings: ConnectionSettings
  /** What becomes of the messages. */
  private readonly ledger: Ledger
  private readonly stream: number
  private readonly generator = new Generator()
  private readonly stepKind: number
  private readonly slots: SlotPool
  private ordinal = new Float64Array(0)
  /** When its client leaves or its two hours are over, whichever comes first. */
  private endsUs = new Float64Array(0)
  private lastActiveUs = new Float64Array(0)
  private sent = new Int32Array(0)
  private isSilent = false

  constructor(
    door: Door,
    producer: string,
    streamName: string,
    settings: ConnectionSettings,
    ledger: Ledger,
    world: World,
  ) {
    this.door = door
    this.name = producer
    this.settings = settings
    this.world = world
    this.ledger = ledger
    this.stream = hashName(streamName)
    this.stepKind = world.addEventKind((connection) => this.step(connection))
    this.slots = new SlotPool(`connections of ${producer}`, (capacity) => this.grow(capacity))
  }

  /** Who is told the answers to messages, and to the ends of connections. */
  clientOf(purpose: 'message' | 'disconnect'): DoorClient {
    return {
      name: `${this.name}/${purpose}`,
      onAdmitted: () => {},
      onAnswer: (_call, fate) => {
        if (purpose === 'message') this.ledger.settle(this.outcomeOf(fate))
      },
    }
  }

  /** A client has connected. */
  open(ordinal: number): void {
    const { nowUs } = this.world.simulator
    const { duration } = this.settings
    const connection = this.slots.take()
    const stayUs =
      duration === null
        ? MAXIMUM_DURATION_US
        : Math.round(duration.sample(this.of(ordinal, DURATION, 0)))
    this.ordinal[connection] = ordinal
    this.endsUs[connection] = nowUs + Math.min(stayUs, MAXIMUM_DURATION_US)
    this.lastActiveUs[connection] = nowUs
    this.sent[connection] = 0
    this.count(1)
    this.plan(connection)
  }

  /** A draining run begins: clients send no more, and what is open stays open. */
  silence(): void {
    this.isSilent = true
  }

  /** The next thing that happens on a connection: a message, or its end. */
  private step(connection: number): void {
    if (this.isSilent) return
    const { nowUs } = this.world.simulator
    const idleUs = this.idleAtUs(connection)
    if (nowUs >= Math.min(this.endsUs[connection]!, idleUs)) {
      this.close(connection, nowUs >= idleUs && idleUs < this.endsUs[connection]!)
      return
    }
    this.lastActiveUs[connection] = nowUs
    const number = ++this.sent[connection]!
    this.ledger.entered++
    this.make(this.messages!, connection, number)
    this.plan(connection)
  }

  private plan(connection: number): void {
    const { messageInterval } = this.settings
    const { simulator } = this.world
    let nextUs = Math.min(this.endsUs[connection]!, this.idleAtUs(connection))
    if (messageInterval !== null) {
      const draw = this.of(this.ordinal[connection]!, INTERVAL, this.sent[connection]!)
      const messageUs = simulator.nowUs + Math.max(1, Math.round(messageInterval.sample(draw)))
      nextUs = Math.min(nextUs, messageUs)
    }
    simulator.schedule(nextUs, RANK_ARRIVAL, this.stepKind, connection)
  }

  private close(connection: number, isIdle: boolean): void {
    const { expired, idle } = this.door.meter.connections!
    const { duration } = this.settings
    if (isIdle) idle.add(1)
    else if (duration === null || this.hasExpired(connection, duration)) expired.add(1)
    this.count(-1)
    this.make(this.disconnects!, connection, 1)
    this.slots.give(connection)
  }

  /** Whether the client would have stayed longer than it may. */
  private hasExpired(connection: number, duration: Distribution): boolean {
    const draw = this.of(this.ordinal[connection]!, DURATION, 0)
    return Math.round(duration.sample(draw)) > MAXIMUM_DURATION_US
  }

  private make(visitor: Visitor, connection: number, number: number): void {
    const { door } = this
    door.enter(door.open(visitor, SOMEBODY, this.ordinal[connection]!, number))
  }

  private count(change: number): void {
    this.door.meter.connections!.active.add(change)
    this.door.usageMeter.connections(change, this.world.simulator.nowUs)
  }

  private idleAtUs(connection: number): number {
    if (this.settings.pings) return Number.POSITIVE_INFINITY
    return this.lastActiveUs[connection]! + IDLE_TIMEOUT_US
  }

  private outcomeOf(fate: Fate): LedgerOutcome {
    if (fate === ANSWERED) return 'succeeded'
    if (fate === REQUEST_TOO_LARGE) return 'rejected'
    if (isTimeout(fate)) return 'timedOut'
    return this.door.statusCodes[fate] === THROTTLING_CODE ? 'throttled' : 'failed'
  }

  private of(ordinal: number, purpose: number, index: number): Generator {
    return rekey(this.generator, this.stream, ordinal, purpose, index)
  }

  private grow(capacity: number): void {
    this.ordinal = grownFloat64(this.ordinal, capacity)
    this.endsUs = grownFloat64(this.endsUs, capacity)
    this.lastActiveUs = grownFloat64(this.lastActiveUs, capacity)
    this.sent = grownInt32(this.sent, capacity)
  }
}
