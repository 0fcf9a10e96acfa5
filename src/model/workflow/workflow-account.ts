/**
 * What all state machines of an account share: token buckets of StartExecution and of the state
 * transitions of Standard workflows. An execution whose transition finds no token is delayed, not
 * failed; those that wait go on in the order in which they came.
 * Source: AWS Step Functions developer guide, "Quotas", "State throttling".
 */
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { TokenBucket } from '../compute/token-bucket.ts'
import type { LimitUse } from '../part.ts'
import { type BucketQuota, OPEN_EXECUTIONS, OPEN_MAP_RUNS, type WorkflowQuotas } from './limits.ts'
import { WaitingLine } from './waiting-line.ts'

/** A state machine, as far as the account calls it. */
export interface Workflow {
  /** The transition that a strand waited for has its token. */
  onTransition(strand: number): void
  /** The Map Run that a strand waited for may begin; false: nobody is there for it any more. */
  onMapRun(strand: number): boolean
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

  /** Takes the next token that nobody has been promised: now, or at this time. */
  takeNextUs(nowUs: number): number {
    this.isUsed = true
    const atUs = this.bucket.hasTokensAtUs(nowUs, 1)
    this.bucket.take()
    const left = Math.max(0, this.bucket.tokens(nowUs))
    if (left < this.lowest) this.lowest = left
    return atUs
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

export class WorkflowAccount {
  readonly callers: ExecutionCaller[] = []
  openStandard = 0
  private mostOpen = 0
  private readonly machines: Workflow[] = []
  private readonly simulator: Simulator
  private readonly starts: readonly [WatchedBucket, WatchedBucket]
  private readonly transitions: WatchedBucket
  private readonly sendTask: WatchedBucket
  private grantKind = -1
  private mapRunKind = -1
  private readonly addEventKind: (handle: () => void) => number
  private readonly forTransition = new WaitingLine()
  private readonly forMapRun = new WaitingLine()
  private openMapRuns = 0
  private mostMapRuns = 0

  constructor(
    { startStandard, startExpress, stateTransition, sendTask }: WorkflowQuotas,
    simulator: Simulator,
    addEventKind: (handle: () => void) => number,
  ) {
    this.starts = [new WatchedBucket(startStandard), new WatchedBucket(startExpress)]
    this.transitions = new WatchedBucket(stateTransition)
    this.sendTask = new WatchedBucket(sendTask)
    this.simulator = simulator
    this.addEventKind = addEventKind
  }

  /** Returns the machine's index. */
  add(machine: Workflow): number {
    if (this.grantKind < 0) {
      this.grantKind = this.addEventKind(() => this.grant())
      this.mapRunKind = this.addEventKind(() => this.grantMapRuns())
    }
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
    const { forTransition } = this
    if (forTransition.count === 0 && this.transitions.take(nowUs)) return true
    forTransition.add(machine, strand)
    if (forTransition.count === 1) this.arm()
    return false
  }

  /**
   * When the result of a callback is taken: now, or as soon as the calls before it have had their
   * tokens, because who is refused goes on trying.
   */
  sendTaskUs(): number {
    return this.sendTask.takeNextUs(this.simulator.nowUs)
  }

  /** A Map Run wants to begin; false: it waits, and `onMapRun` tells its strand. */
  openMapRun(machine: number, strand: number): boolean {
    const { forMapRun } = this
    if (forMapRun.count === 0 && this.openMapRuns < OPEN_MAP_RUNS) {
      this.countMapRun()
      return true
    }
    forMapRun.add(machine, strand)
    return false
  }

  closeMapRun(): void {
    const { simulator } = this
    this.openMapRuns--
    // In an event of its own, for what begins may end at once.
    if (this.forMapRun.count > 0) {
      simulator.schedule(simulator.nowUs, RANK_RELEASE, this.mapRunKind, 0)
    }
  }

  limitUses(): readonly LimitUse[] {
    const most = (limit: string, used: number, available: number): LimitUse[] =>
      used === 0 ? [] : [{ scope: 'account', name: 'account', limit, used, available }]
    return [
      ...this.starts[0].use('StartExecution bucket'),
      ...this.starts[1].use('StartExecution bucket of Express'),
      ...this.transitions.use('state transition bucket'),
      ...this.sendTask.use('SendTask bucket'),
      ...most('open executions', this.mostOpen, OPEN_EXECUTIONS),
      ...most('open Map Runs', this.mostMapRuns, OPEN_MAP_RUNS),
    ]
  }

  private grant(): void {
    const { nowUs } = this.simulator
    const { forTransition } = this
    while (forTransition.count > 0 && this.transitions.take(nowUs)) {
      const { machine, strand } = forTransition
      forTransition.drop()
      this.machines[machine]!.onTransition(strand)
    }
    if (forTransition.count > 0) this.arm()
  }

  private grantMapRuns(): void {
    const { forMapRun } = this
    while (forMapRun.count > 0 && this.openMapRuns < OPEN_MAP_RUNS) {
      const { machine, strand } = forMapRun
      forMapRun.drop()
      this.countMapRun()
      if (!this.machines[machine]!.onMapRun(strand)) this.openMapRuns--
    }
  }

  private countMapRun(): void {
    this.openMapRuns++
    if (this.openMapRuns > this.mostMapRuns) this.mostMapRuns = this.openMapRuns
  }

  private arm(): void {
    const { simulator } = this
    const atUs = this.transitions.nextTokenUs(simulator.nowUs)
    simulator.schedule(atUs, RANK_RELEASE, this.grantKind, 0)
  }
}
