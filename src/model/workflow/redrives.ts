/**
 * Executions of a Standard workflow that failed, timed out or were stopped, and that an operator
 * starts again from the state that failed.
 * Source: AWS Step Functions developer guide, "Restarting state machine executions with redrive":
 * counters of retries begin anew; within 14 days; RedriveExecution has a bucket of 1,300 tokens that
 * refills by 300 a second; the history goes on, which has less than 24,999 events before. Of a Parallel or Map state that failed, the branches, items or child
 * executions run again that have not succeeded. AWS lets a branch go on at its own failed state; here
 * it begins anew.
 */
import { RANK_CONTROL } from '../../kernel/order.ts'
import { grownFloat64, grownInt32 } from '../../kernel/slot-pool.ts'
import { MICROSECONDS_PER_DAY } from '../../kernel/time.ts'
import { TokenBucket } from '../compute/token-bucket.ts'
import { childOrdinal } from '../messages/births.ts'
import { NONE } from '../messages/message-store.ts'
import { MOST_HISTORY_EVENTS } from './limits.ts'
import type { StateMachine } from './state-machine.ts'
import { ORDINARY } from './stores.ts'
import type { Closing } from './workflow-meter.ts'

const CLOSINGS: readonly Closing[] = ['failed', 'timedOut', 'aborted']
const LEDGER_WORDS = ['failed', 'timedOut', 'dropped'] as const
/** Older ones are forgotten, so that memory has a bound. */
const MOST_REMEMBERED = 1_000_000
const REDRIVABLE_US = 14 * MICROSECONDS_PER_DAY
const BUCKET = { size: 1_300, perSecond: 300 }

export class Redrives {
  /** Redrives that wait for a token. */
  waiting = 0
  private readonly machine: StateMachine
  private readonly bucket = new TokenBucket(BUCKET.perSecond, BUCKET.size)
  private readonly goOnKind: number
  /** A ring of what failed. */
  private keys = new Float64Array(256)
  private closedUs = new Float64Array(256)
  private streams = new Int32Array(256)
  private nodes = new Int32Array(256)
  private closings = new Int32Array(256)
  private histories = new Int32Array(256)
  /** Of a Parallel or Map state that failed: as in `Executions`; a total of 0: it was none. */
  private totals = new Int32Array(256)
  private dones = new Int32Array(256)
  private succeededs = new Int32Array(256)
  private faileds = new Int32Array(256)
  private first = 0
  private count = 0

  constructor(machine: StateMachine) {
    this.machine = machine
    this.goOnKind = machine.world.addEventKind(() => this.goOn())
  }

  note(execution: number, closing: Closing): void {
    const { executions, forks, strands, world } = this.machine
    const root = executions.root[execution]!
    const node = strands.node[root]!
    const events = executions.events[execution]!
    if (executions.kind[execution] !== ORDINARY || node < 0) return
    if (events >= MOST_HISTORY_EVENTS - 1) return
    if (this.count === this.keys.length) this.makeRoom()
    const at = (this.first + this.count++) % this.keys.length
    this.keys[at] = executions.key[execution]!
    this.closedUs[at] = world.simulator.nowUs
    this.streams[at] = executions.stream[execution]!
    this.nodes[at] = node
    this.closings[at] = CLOSINGS.indexOf(closing)
    this.histories[at] = events
    const fork = strands.fork[root]!
    if (fork !== NONE) forks.remember(fork)
    const isInFork = executions.forkNode[execution] === node
    this.totals[at] = isInFork ? executions.forkTotal[execution]! : 0
    this.dones[at] = isInFork ? executions.forkDone[execution]! : 0
    this.succeededs[at] = isInFork ? executions.forkSucceeded[execution]! : 0
    this.faileds[at] = isInFork ? executions.forkFailed[execution]! : 0
  }

  /** All that have failed until now. */
  begin(): void {
    const before = this.waiting
    this.waiting = this.count
    if (before === 0) this.goOn()
  }

  private goOn(): void {
    const { simulator } = this.machine.world
    while (this.waiting > 0) {
      if (!this.bucket.hasToken(simulator.nowUs)) {
        const atUs = this.bucket.hasTokensAtUs(simulator.nowUs, 1)
        simulator.schedule(atUs, RANK_CONTROL, this.goOnKind, 0)
        return
      }
      this.redriveOldest()
    }
  }

  private redriveOldest(): void {
    const { machine, first: at } = this
    this.first = (at + 1) % this.keys.length
    this.count--
    this.waiting--
    if (machine.world.simulator.nowUs - this.closedUs[at]! > REDRIVABLE_US) return
    this.bucket.take()
    const { meter } = machine
    // It has another last outcome now.
    meter.ledger.counts[LEDGER_WORDS[this.closings[at]!]!]--
    meter.ledger.entered--
    meter.redriven!.add(1)
    const stream = this.streams[at]!
    const key = childOrdinal(stream, this.keys[at]!, 1)
    const node = this.nodes[at]!
    const execution = machine.openExecution(stream, key, ORDINARY, node)
    // ExecutionRedriven.
    machine.executions.events[execution] = this.histories[at]! + 1
    const total = this.totals[at]!
    if (total === 0) return
    const done = this.dones[at]!
    machine.forks.forget(node, total, done, this.succeededs[at]!, this.faileds[at]!)
    machine.executions.setFork(execution, node, total, done)
  }

  private makeRoom(): void {
    const { length } = this.keys
    if (length >= MOST_REMEMBERED) {
      this.first = (this.first + 1) % length
      this.count--
      return
    }
    const turn = (from: Float64Array): Float64Array<ArrayBuffer> => {
      const into = grownFloat64(from.subarray(this.first), 2 * length)
      into.set(from.subarray(0, this.first), length - this.first)
      return into
    }
    const turnInts = (from: Int32Array): Int32Array<ArrayBuffer> => {
      const into = grownInt32(from.subarray(this.first), 2 * length)
      into.set(from.subarray(0, this.first), length - this.first)
      return into
    }
    this.keys = turn(this.keys)
    this.closedUs = turn(this.closedUs)
    this.streams = turnInts(this.streams)
    this.nodes = turnInts(this.nodes)
    this.closings = turnInts(this.closings)
    this.histories = turnInts(this.histories)
    this.totals = turnInts(this.totals)
    this.dones = turnInts(this.dones)
    this.succeededs = turnInts(this.succeededs)
    this.faileds = turnInts(this.faileds)
    this.first = 0
  }
}
