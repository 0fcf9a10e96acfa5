import { Generator, hashName } from '../../../kernel/generator.ts'
import { RANK_RELEASE } from '../../../kernel/order.ts'
import {
  CALL_FAILED,
  CALL_SUCCEEDED,
  CALL_THROTTLED,
  type CallOutcome,
} from '../../downstream/calls.ts'
import type { CallPlace, CallTarget } from '../../downstream/downstream.ts'
import { ImmediateAnswers } from '../../downstream/immediate-answers.ts'
import { NO_LINEAGE } from '../../messages/lineage.ts'
import { foldOrdinal, MESSAGE_SENT } from '../../transitions.ts'
import type { World } from '../../world.ts'
import { accessOf, type TableAccess } from './operations.ts'
import type { Table } from './table.ts'

/** What a call is while it is served; above these are the states of an answer on its way. */
const SERVED = 1
/** Served on although nobody waits for it. */
const UNHEARD = 2

/**
 * The calls of a table from one place in a handler. What a call writes is in the change stream when
 * it is answered, or would have been: a caller that has given up does not undo it.
 */
export class TableCalls implements CallTarget {
  private readonly table: Table
  private readonly world: World
  private readonly access: TableAccess
  private readonly birth: number
  private readonly hash: number
  private readonly latencyPurpose: number
  private readonly generator = new Generator()
  private readonly ends: number
  private readonly answers: ImmediateAnswers

  constructor(table: Table, { name, settings }: CallPlace, world: World) {
    this.table = table
    this.world = world
    this.access = settings.access ?? accessOf('put', settings.shape.sizeBytes)
    this.birth = world.births.add(name, settings.shape)
    this.hash = hashName(name)
    this.latencyPurpose = hashName(`${table.path}/latency`)
    this.ends = world.addEventKind((call) => this.end(call))
    this.answers = new ImmediateAnswers(world, (call, outcome) => {
      if (outcome === CALL_FAILED) table.requests.failures.add(1)
      this.answer(call, outcome)
    })
  }

  begin(call: number): void {
    const { table, world } = this
    const { calls, births, simulator } = world
    table.requests.beginCall()
    calls.beganUs[call] = simulator.nowUs
    world.transitions.timeParts?.callEnters(call, table.path, 'service')
    if (table.disturbances.isDown) {
      this.answers.soon(call, CALL_FAILED)
      return
    }
    if (!table.pay(this.access, births.keyFor(this.birth, calls.ordinal[call]!))) {
      this.answers.soon(call, CALL_THROTTLED)
      return
    }
    table.beginService()
    calls.state[call] = SERVED
    const draw = calls.drawFor(call, this.latencyPurpose, this.generator)
    const lengthUs = table.latency.sample(draw) * table.disturbances.factor
    simulator.schedule(Math.floor(simulator.nowUs + lengthUs + 0.5), RANK_RELEASE, this.ends, call)
  }

  abandon(call: number): void {
    const { calls, transitions } = this.world
    const { requests } = this.table
    transitions.timeParts?.callLeaves(call)
    requests.timeouts.add(1)
    requests.endCall()
    if (!this.answers.withhold(call)) calls.state[call] = UNHEARD
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

  private answer(call: number, outcome: CallOutcome): void {
    this.table.requests.endCall()
    this.world.calls.answer(call, outcome)
  }
}
