import { Generator, hashName, rekey } from '../../../kernel/generator.ts'
import { RANK_RELEASE } from '../../../kernel/order.ts'
import {
  CALL_FAILED,
  CALL_SUCCEEDED,
  CALL_THROTTLED,
  type CallOutcome,
} from '../../downstream/calls.ts'
import type { Callee, CallPlace } from '../../downstream/downstream.ts'
import { NO_LINEAGE } from '../../messages/lineage.ts'
import { foldOrdinal, MESSAGE_SENT } from '../../transitions.ts'
import type { World } from '../../world.ts'
import { accessOf, type TableAccess } from './operations.ts'
import type { Table } from './table.ts'

const SERVED = 1
/** Served on although nobody waits for it. */
const UNHEARD = 2
/** An answer that is on its way at this instant. */
const THROTTLING = 3
const FAILING = 4
const ANSWERING_NOBODY = 5

/**
 * The calls of a table from one place in a handler. What a call writes is in the change stream when
 * it is answered, or would have been: a caller that has given up does not undo it.
 */
export class TableCalls implements Callee {
  private readonly table: Table
  private readonly world: World
  private readonly access: TableAccess
  private readonly birth: number
  private readonly hash: number
  private readonly latencyPurpose: number
  private readonly generator = new Generator()
  private readonly ends: number
  private readonly answers: number

  constructor(table: Table, { name, settings }: CallPlace, world: World) {
    this.table = table
    this.world = world
    this.access = settings.access ?? accessOf('put', settings.shape.sizeBytes)
    this.birth = world.births.add(name, settings.shape)
    this.hash = hashName(name)
    this.latencyPurpose = hashName(`${table.path}/latency`)
    this.ends = world.addEventKind((call) => this.end(call))
    this.answers = world.addEventKind((call) => this.answerNow(call))
  }

  begin(call: number): void {
    const { table, world } = this
    const { calls, births, simulator } = world
    table.requests.beginCall()
    calls.beganUs[call] = simulator.nowUs
    if (table.disturbances.isDown) {
      this.answerSoon(call, FAILING)
      return
    }
    if (!table.pay(this.access, births.keyFor(this.birth, calls.ordinal[call]!))) {
      this.answerSoon(call, THROTTLING)
      return
    }
    table.beginService()
    calls.state[call] = SERVED
    const lengthUs = table.latency.sample(this.drawFor(call)) * table.disturbances.factor
    simulator.schedule(Math.floor(simulator.nowUs + lengthUs + 0.5), RANK_RELEASE, this.ends, call)
  }

  abandon(call: number): void {
    const { state } = this.world.calls
    const { requests } = this.table
    requests.timeouts.add(1)
    requests.endCall()
    state[call] = state[call] === SERVED ? UNHEARD : ANSWERING_NOBODY
  }

  private end(call: number): void {
    const { table, world } = this
    const { calls, simulator } = world
    table.endService()
    if (this.access.isWrite) this.write(calls.ordinal[call]!)
    if (calls.state[call] === UNHEARD) {
      calls.give(call)
      return
    }
    table.requests.latency.record(simulator.nowUs - calls.beganUs[call]!)
    this.answer(call, CALL_SUCCEEDED)
  }

  private write(ordinal: number): void {
    const { messages, transitions } = this.world
    const message = messages.create(this.birth, ordinal, this.access.sizeBytes, NO_LINEAGE)
    transitions.announce(MESSAGE_SENT, this.hash, foldOrdinal(ordinal), message)
    this.table.write(message)
  }

  /** At this instant, but not before the caller is ready to hear it. */
  private answerSoon(call: number, state: number): void {
    const { calls, simulator } = this.world
    calls.state[call] = state
    simulator.schedule(simulator.nowUs, RANK_RELEASE, this.answers, call)
  }

  private answerNow(call: number): void {
    const { calls } = this.world
    const state = calls.state[call]
    if (state === ANSWERING_NOBODY) {
      calls.give(call)
      return
    }
    if (state === FAILING) this.table.requests.failures.add(1)
    this.answer(call, state === FAILING ? CALL_FAILED : CALL_THROTTLED)
  }

  private answer(call: number, outcome: CallOutcome): void {
    this.table.requests.endCall()
    this.world.calls.answer(call, outcome)
  }

  private drawFor(call: number): Generator {
    const { stream, ordinal, attempt } = this.world.calls
    return rekey(this.generator, stream[call]!, ordinal[call]!, this.latencyPurpose, attempt[call]!)
  }
}
