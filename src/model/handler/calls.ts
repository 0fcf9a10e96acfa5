/**
 * What a function's handler sends and whom it calls: a program of steps that a successful
 * invocation takes one after the other when its own time is over. Sending takes no time. A
 * function that is called synchronously is waited for: the environment stays busy, the wait is
 * part of `Duration` and of the bill, and the function timeout may strike meanwhile.
 * Source: Lambda developer guide, "Invoke a Lambda function synchronously"; order, absent retries
 * and the time that sending takes are assumed (call-assumptions.ts).
 */
import { invariant } from '../../kernel/invariant.ts'
import { RANK_EXPIRY } from '../../kernel/order.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { DURATION_US, ENVIRONMENT, OUTCOME } from '../invocation/invocation-store.ts'
import { HANDLER_ERROR, SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { NONE } from '../messages/message-store.ts'
import type { Book } from '../metrics/ledger.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { Part } from '../part.ts'
import type { TimeParts } from '../time-parts.ts'
import type { World } from '../world.ts'
import { CallProgress } from './call-progress.ts'
import { Sequence } from './sequence.ts'
import { FAILED, type Step, type StepResult, WAITING } from './step.ts'
import { createSteps, type HandlerProgram } from './step-factory.ts'
import { WorkItems } from './work-items.ts'

/** The calls of one function. */
export class HandlerCalls implements Part, HandlerProgram {
  readonly path: string
  readonly name: string
  readonly owner: LambdaFunction
  readonly world: World
  readonly items: WorkItems
  private readonly progress = new CallProgress()
  /** The last one is the handler's own, the others are branches. */
  private readonly sequences: Sequence[] = []
  /** Of all sequences. */
  private readonly steps: readonly Step[]
  private readonly errors: CounterSeries
  private retries: CounterSeries | null = null
  private readonly timerEnds: number
  /** Steps that want to know when an invocation is over. */
  private readonly endedSteps: readonly Step[]

  constructor(owner: LambdaFunction, world: World) {
    this.owner = owner
    this.world = world
    this.name = `${owner.name}.calls`
    this.path = `functions.${this.name}`
    this.items = new WorkItems(world)
    this.errors = world.recorder.counter('function', owner.name, 'CallErrors')
    this.timerEnds = world.addEventKind((progress) => this.onTimer(progress))
    this.addSequence(createSteps(owner.settings.handler.steps, '', this))
    this.steps = this.sequences.flatMap(({ steps }) => steps)
    this.endedSteps = this.steps.filter(({ end }) => end !== undefined)
  }

  connect(): void {
    for (const step of this.steps) step.connect?.()
  }

  /**
   * The own time of an invocation is over: makes its calls, and writes down what they do to its
   * outcome and duration. True when it is not over yet because it waits for an answer.
   */
  make(invocation: number): boolean {
    const { store } = this.world.invocations
    store.callUs[invocation] = 0
    if (store.bytes[32 * invocation + OUTCOME] !== SUCCEEDED) return false
    const firstItem = this.items.collect(invocation)
    if (firstItem === NONE) return false
    const progress = this.progress.take(invocation, this.sequences.length - 1, firstItem)
    this.noteTimeout(progress, store.reals[4 * invocation + DURATION_US]!)
    this.timeParts?.handlerCalls(this, progress, invocation)
    const result = this.sequenceOf(progress).goOn(progress)
    if (result === WAITING) return true
    this.finish(progress, result)
    return false
  }

  environmentOf(progress: number): number {
    const { ints } = this.world.invocations.store
    return ints[8 * this.progress.caller[progress]! + ENVIRONMENT]!
  }

  wait(progress: number, waitingFor: number): void {
    this.progress.waitingFor[progress] = waitingFor
    this.progress.waitingSinceUs[progress] = this.world.simulator.nowUs
    this.arm(this.progress.rootOf(progress))
  }

  countRetries(): CounterSeries {
    this.retries ??= this.world.recorder.counter('function', this.owner.name, 'CallRetries')
    return this.retries
  }

  waitOn(progress: number, waitingFor: number): void {
    this.progress.waitingFor[progress] = waitingFor
  }

  closeBooks(): readonly Book[] {
    for (const step of this.steps) step.checkBooks?.()
    const { items, progress } = this
    invariant(
      items.used > 0 === progress.used > 0,
      () => `${this.name}: ${progress.used} under way for ${items.used} messages or requests`,
    )
    return []
  }

  resume(progress: number, isGood: boolean): void {
    const { waitingFor, parent } = this.progress
    this.timeParts?.handlerWaits(this, progress, 'compute')
    waitingFor[progress] = NONE
    if (parent[progress] === NONE) this.countWait(progress)
    const result = isGood ? this.sequenceOf(progress).goOn(progress) : FAILED
    if (result === WAITING) return
    if (parent[progress] === NONE) {
      const invocation = this.progress.caller[progress]!
      this.finish(progress, result)
      this.world.invocations.end(invocation, true)
    } else this.joinBranch(progress, result)
  }

  fork(parent: number, sequence: number, item: number): StepResult {
    const branch = this.progress.fork(parent, sequence, item)
    this.timeParts?.branchBegins(this, branch)
    const result = this.sequences[sequence]!.goOn(branch)
    if (result === WAITING) return WAITING
    this.progress.join(branch)
    this.progress.give(branch)
    return result
  }

  branchesOf(parent: number): number {
    const { firstBranch, nextBranch } = this.progress
    let count = 0
    for (let at = firstBranch[parent]!; at !== NONE; at = nextBranch[at]!) count++
    return count
  }

  abandonBranches(parent: number): void {
    const { firstBranch, nextBranch, waitingFor } = this.progress
    for (let branch = firstBranch[parent]!; branch !== NONE; branch = nextBranch[branch]!) {
      this.sequenceOf(branch).waitingAt(branch).abandon?.(waitingFor[branch]!)
      this.progress.give(branch)
    }
    firstBranch[parent] = NONE
  }

  private get timeParts(): TimeParts | null {
    return this.world.transitions.timeParts
  }

  private sequenceOf(progress: number): Sequence {
    return this.sequences[this.progress.sequence[progress]!]!
  }

  addSequence(steps: readonly Step[]): number {
    return this.sequences.push(new Sequence(steps, this.progress, this.items)) - 1
  }

  private joinBranch(branch: number, result: StepResult): void {
    const parent = this.progress.parent[branch]!
    this.progress.join(branch)
    this.progress.give(branch)
    const isLast = this.progress.firstBranch[parent] === NONE
    if (result !== FAILED && !isLast) return
    this.timeParts?.branchDecides(this, branch, parent)
    this.abandonBranches(parent)
    this.resume(parent, result !== FAILED)
  }

  /** What the handler has just waited is its own time, or that of a call. */
  private countWait(progress: number): void {
    const { invocations, simulator } = this.world
    const { callUs, reals } = invocations.store
    const { caller, waitingSinceUs } = this.progress
    const invocation = caller[progress]!
    const waitedUs = simulator.nowUs - waitingSinceUs[progress]!
    const isOwnTime = this.sequenceOf(progress).waitingAt(progress).isOwnTime === true
    if (isOwnTime) reals[4 * invocation + DURATION_US]! += waitedUs
    else callUs[invocation]! += waitedUs
  }

  private finish(progress: number, result: StepResult): void {
    const { store } = this.world.invocations
    const { caller, timeoutUs } = this.progress
    const invocation = caller[progress]!
    const ownUs = store.reals[4 * invocation + DURATION_US]!
    const durationUs = ownUs + store.callUs[invocation]!
    // Its end was rounded to a microsecond, so that the sum may exceed the timeout by half of one.
    store.reals[4 * invocation + DURATION_US] = Math.min(durationUs, timeoutUs[progress]!)
    if (result === FAILED) {
      store.bytes[32 * invocation + OUTCOME] = HANDLER_ERROR
      this.errors.add(1)
    }
    this.give(progress)
  }

  /** The function timeout strikes while the handler waits; whom it called runs on, unheard. */
  private timeOut(progress: number): void {
    const { invocations } = this.world
    const { store } = invocations
    const { caller, waitingFor } = this.progress
    const invocation = caller[progress]!
    const timeoutUs = this.progress.timeoutUs[progress]!
    const step = this.sequenceOf(progress).waitingAt(progress)
    this.countWait(progress)
    const running = this.progress.firstBranch[progress]!
    if (running !== NONE) this.timeParts?.branchDecides(this, running, progress)
    step.abandon?.(waitingFor[progress]!)
    // Its start was rounded to a microsecond: what it waits for takes the difference.
    if (step.isOwnTime !== true) {
      const ownUs = store.reals[4 * invocation + DURATION_US]!
      store.callUs[invocation] = timeoutUs - Math.min(ownUs, timeoutUs)
    }
    store.reals[4 * invocation + DURATION_US] = timeoutUs
    store.bytes[32 * invocation + OUTCOME] = TIMED_OUT
    this.give(progress)
    invocations.end(invocation, true)
  }

  private give(progress: number): void {
    const environment = this.environmentOf(progress)
    for (const step of this.endedSteps) step.end!(environment)
    this.items.giveAll(this.progress.firstItem[progress]!)
    this.progress.give(progress)
  }

  private noteTimeout(progress: number, ownUs: number): void {
    const { simulator } = this.world
    const startedUs = simulator.nowUs - Math.floor(ownUs + 0.5)
    const timeoutUs = this.owner.timeoutAt(startedUs)
    this.progress.timeoutUs[progress] = timeoutUs
    this.progress.deadlineUs[progress] = Math.floor(startedUs + timeoutUs + 0.5)
  }

  /** Sees to it that the slot has a timer that comes no later than the deadline. */
  private arm(progress: number): void {
    const { deadlineUs, timerUs } = this.progress
    const dueUs = deadlineUs[progress]!
    if (timerUs[progress] !== 0 && timerUs[progress]! <= dueUs) return
    timerUs[progress] = dueUs
    this.world.simulator.scheduleLater(dueUs, RANK_EXPIRY, this.timerEnds, progress)
  }

  /** A slot's timer: its owner may have been answered since, then the timer moves on or ends. */
  private onTimer(progress: number): void {
    const { deadlineUs, parent, waitingFor, timerUs } = this.progress
    const { nowUs } = this.world.simulator
    if (timerUs[progress] !== nowUs) return
    timerUs[progress] = 0
    // The slot may be a branch's now, which has no deadline of its own.
    if (waitingFor[progress] === NONE || parent[progress] !== NONE) return
    if (deadlineUs[progress]! > nowUs) this.arm(progress)
    else this.timeOut(progress)
  }
}
