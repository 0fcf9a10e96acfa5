import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import { NONE } from '../messages/message-store.ts'

/** How far invocations of one function are with their calls. */
export class CallProgress {
  /** The invocation. */
  caller = new Int32Array(0)
  /** The sequence of steps that it goes through. */
  sequence = new Int32Array(0)
  /** What waits for it as one of its branches, or NONE. */
  parent = new Int32Array(0)
  /** Its branches: the first of them, and for a branch the next one; or NONE. */
  firstBranch = new Int32Array(0)
  nextBranch = new Int32Array(0)
  /** The call whose answer it waits for, or what else the step knows it by, or NONE. */
  waitingFor = new Int32Array(0)
  /** The step that made it wait. */
  waitingAt = new Int32Array(0)
  /** What comes next: which step, for which of its work items, the how manieth time. */
  step = new Int32Array(0)
  item = new Int32Array(0)
  repetition = new Int32Array(0)
  firstItem = new Int32Array(0)
  /** When it began to wait. */
  waitingSinceUs = new Float64Array(0)
  /** The function timeout that holds for it, and the instant at which it strikes. */
  timeoutUs = new Float64Array(0)
  deadlineUs = new Float64Array(0)
  /** When the slot's timer comes; 0: it has none. It outlives its owner and serves the next one. */
  timerUs = new Float64Array(0)
  private readonly slots: SlotPool

  constructor() {
    this.slots = new SlotPool('invocations that make calls', (capacity) => {
      this.caller = grownInt32(this.caller, capacity)
      this.sequence = grownInt32(this.sequence, capacity)
      this.parent = grownInt32(this.parent, capacity)
      this.firstBranch = grownInt32(this.firstBranch, capacity)
      this.nextBranch = grownInt32(this.nextBranch, capacity)
      this.waitingFor = grownInt32(this.waitingFor, capacity)
      this.waitingAt = grownInt32(this.waitingAt, capacity)
      this.step = grownInt32(this.step, capacity)
      this.item = grownInt32(this.item, capacity)
      this.repetition = grownInt32(this.repetition, capacity)
      this.firstItem = grownInt32(this.firstItem, capacity)
      this.waitingSinceUs = grownFloat64(this.waitingSinceUs, capacity)
      this.timeoutUs = grownFloat64(this.timeoutUs, capacity)
      this.deadlineUs = grownFloat64(this.deadlineUs, capacity)
      this.timerUs = grownFloat64(this.timerUs, capacity)
    })
  }

  /** How many there are. */
  get used(): number {
    return this.slots.used
  }

  take(caller: number, sequence: number, firstItem: number): number {
    const progress = this.slots.take()
    this.caller[progress] = caller
    this.sequence[progress] = sequence
    this.parent[progress] = NONE
    this.firstBranch[progress] = NONE
    this.waitingFor[progress] = NONE
    this.step[progress] = 0
    this.item[progress] = firstItem
    this.firstItem[progress] = firstItem
    this.repetition[progress] = 0
    return progress
  }

  /** A branch of `parent`. */
  fork(parent: number, sequence: number, firstItem: number): number {
    const branch = this.take(this.caller[parent]!, sequence, firstItem)
    this.parent[branch] = parent
    this.nextBranch[branch] = this.firstBranch[parent]!
    this.firstBranch[parent] = branch
    return branch
  }

  /** The branch is over: its parent does not have it any more. */
  join(branch: number): void {
    const parent = this.parent[branch]!
    const { firstBranch, nextBranch } = this
    if (firstBranch[parent] === branch) {
      firstBranch[parent] = nextBranch[branch]!
      return
    }
    let before = firstBranch[parent]!
    while (nextBranch[before] !== branch) before = nextBranch[before]!
    nextBranch[before] = nextBranch[branch]!
  }

  /** The one that belongs to the handler itself. */
  rootOf(progress: number): number {
    const parent = this.parent[progress]!
    return parent === NONE ? progress : parent
  }

  give(progress: number): void {
    this.waitingFor[progress] = NONE
    this.slots.give(progress)
  }
}
