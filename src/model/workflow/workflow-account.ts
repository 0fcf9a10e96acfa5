/**
 * What all state machines of an account share: token buckets of StartExecution and of the state
 * transitions of Standard workflows. An execution whose transition finds no token is delayed, not
 * failed; those that wait go on in the order in which they came.
 * Source: AWS Step Functions developer guide, "Quotas", "State throttling".
 */
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { grownInt32 } from '../../kernel/slot-pool.ts'
import { TokenBucket } from '../compute/token-bucket.ts'
import type { LimitUse } from '../part.ts'
import { type BucketQuota, OPEN_EXECUTIONS, type WorkflowQuotas } from './limits.ts'

/** A state machine, as far as the account calls it. */
export interface Workflow {
  /** The transition that a strand waited for has its token. */
  onTransition(strand: number): void
}

/** Who waits for executions: a task of a state machine, a front door, a handler, traffic. */
export interface ExecutionCaller {
  /** The execution that it started for `subject` has ended; NONE: it disowned it meanwhile. */
  onExecutionEnded(subject: number, execution: number, isSuccess: boolean): void
}

/** A bucket that remembers how empty it was. */
class WatchedBucket {
  isUsed = false
  private readonly bucket: TokenBucket
  private lowest: number

  constructor({ bucketSize, refillRate }: BucketQuota) {
    this.bucket = new TokenBucket(refillRate, bucketSize)
    this.lowest = bucketSize
  }

  /** Takes a token if there is one. */
  take(nowUs: number): boolean {
    this.isUsed = true
    if (!this.bucket.hasToken(nowUs)) {
      this.lowest = 0
      return false
    }
    this.bucket.take()
    const left = this.bucket.tokens(nowUs)
    if (left < this.lowest) this.lowest = left
    return true
  }

  nextTokenUs(nowUs: number): number {
    return this.bucket.hasTokensAtUs(nowUs, 1)
  }

  use(limit: string): LimitUse[] {
    const { capacityTokens } = this.bucket
    if (!this.isUsed) return []
    const used = Math.ceil(capacityTokens - this.lowest)
    return [{ scope: 'account', name: 'account', limit, used, available: capacityTokens }]
  }
}

const FIRST_CAPACITY = 256

export class WorkflowAccount {
  readonly callers: ExecutionCaller[] = []
  openStandard = 0
  private mostOpen = 0
  private readonly machines: Workflow[] = []
  private readonly simulator: Simulator
  private readonly starts: readonly [WatchedBucket, WatchedBucket]
  private readonly transitions: WatchedBucket
  private grantKind = -1
  private readonly addEventKind: (handle: () => void) => number
  /** Those that wait: a ring of pairs, machine and strand. */
  private ring = new Int32Array(2 * FIRST_CAPACITY)
  private first = 0
  private count = 0

  constructor(
    { startStandard, startExpress, stateTransition }: WorkflowQuotas,
    simulator: Simulator,
    addEventKind: (handle: () => void) => number,
  ) {
    this.starts = [new WatchedBucket(startStandard), new WatchedBucket(startExpress)]
    this.transitions = new WatchedBucket(stateTransition)
    this.simulator = simulator
    this.addEventKind = addEventKind
  }

  /** Returns the machine's index. */
  add(machine: Workflow): number {
    if (this.grantKind < 0) this.grantKind = this.addEventKind(() => this.grant())
    return this.machines.push(machine) - 1
  }

  /** Returns the number by which executions know who waits for them. */
  addCaller(caller: ExecutionCaller): number {
    return this.callers.push(caller) - 1
  }

  /** Whether StartExecution takes another one now; takes its token. */
  admits(isExpress: boolean): boolean {
    if (!isExpress && this.openStandard >= OPEN_EXECUTIONS) return false
    return this.starts[isExpress ? 1 : 0].take(this.simulator.nowUs)
  }

  openOne(): void {
    this.openStandard++
    if (this.openStandard > this.mostOpen) this.mostOpen = this.openStandard
  }

  /** A token for a state transition; false: the strand waits, and `onTransition` tells it. */
  transit(machine: number, strand: number): boolean {
    const { nowUs } = this.simulator
    if (this.count === 0 && this.transitions.take(nowUs)) return true
    this.enqueue(machine, strand)
    if (this.count === 1) this.arm()
    return false
  }

  limitUses(): readonly LimitUse[] {
    const open: LimitUse[] =
      this.mostOpen === 0
        ? []
        : [
            {
              scope: 'account',
              name: 'account',
              limit: 'open executions',
              used: this.mostOpen,
              available: OPEN_EXECUTIONS,
            },
          ]
    return [
      ...this.starts[0].use('StartExecution bucket'),
      ...this.starts[1].use('StartExecution bucket of Express'),
      ...this.transitions.use('state transition bucket'),
      ...open,
    ]
  }

  private grant(): void {
    const { nowUs } = this.simulator
    while (this.count > 0 && this.transitions.take(nowUs)) {
      const machine = this.ring[2 * this.first]!
      const strand = this.ring[2 * this.first + 1]!
      this.first = (this.first + 1) % (this.ring.length / 2)
      this.count--
      this.machines[machine]!.onTransition(strand)
    }
    if (this.count > 0) this.arm()
  }

  private arm(): void {
    const { simulator } = this
    const atUs = this.transitions.nextTokenUs(simulator.nowUs)
    simulator.schedule(atUs, RANK_RELEASE, this.grantKind, 0)
  }

  private enqueue(machine: number, strand: number): void {
    const capacity = this.ring.length / 2
    if (this.count === capacity) {
      const straight = grownInt32(this.ring.subarray(2 * this.first), 4 * capacity)
      straight.set(this.ring.subarray(0, 2 * this.first), 2 * (capacity - this.first))
      this.ring = straight
      this.first = 0
    }
    const at = (this.first + this.count) % (this.ring.length / 2)
    this.ring[2 * at] = machine
    this.ring[2 * at + 1] = strand
    this.count++
  }
}
