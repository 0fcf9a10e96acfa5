/** Executions, their strands and their forks as slots of typed arrays. */
import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import type { Clock } from '../../kernel/time.ts'
import { NONE } from '../messages/message-store.ts'

function grownBytes(from: Uint8Array, capacity: number): Uint8Array<ArrayBuffer> {
  const into = new Uint8Array(capacity)
  into.set(from)
  return into
}

/** Started by whoever has no further interest in it. */
export const ORDINARY = 0
/** Runs a batch of items for a distributed Map. */
export const CHILD = 1
/** What an asynchronous Express execution runs a second time. */
export const DUPLICATE = 2

/** Executions of one state machine that are open. */
export class Executions {
  startedUs = new Float64Array(0)
  /** With `stream` the key of all draws. */
  key = new Float64Array(0)
  stream = new Int32Array(0)
  /** In its history. */
  events = new Int32Array(0)
  kind = new Uint8Array(0)
  isExpress = new Uint8Array(0)
  /** The strand that it began with. */
  root = new Int32Array(0)
  /** Who waits for its end, by the account's number, or NONE; and what it is to them. */
  caller = new Int32Array(0)
  subject = new Int32Array(0)
  /** The last Parallel or Map state in which it failed, or that it is to resume; NONE. */
  forkNode = new Int32Array(0)
  /** Of it: branches or items, those that are done (a count or a mask), and how they ended. */
  forkTotal = new Int32Array(0)
  forkDone = new Int32Array(0)
  forkSucceeded = new Int32Array(0)
  forkFailed = new Int32Array(0)
  private readonly slots: SlotPool
  private readonly clock: Clock

  constructor(name: string, clock: Clock) {
    this.clock = clock
    this.slots = new SlotPool(`executions of ${name}`, (capacity) => {
      this.startedUs = grownFloat64(this.startedUs, capacity)
      this.key = grownFloat64(this.key, capacity)
      this.stream = grownInt32(this.stream, capacity)
      this.events = grownInt32(this.events, capacity)
      this.kind = grownBytes(this.kind, capacity)
      this.isExpress = grownBytes(this.isExpress, capacity)
      this.root = grownInt32(this.root, capacity)
      this.caller = grownInt32(this.caller, capacity)
      this.subject = grownInt32(this.subject, capacity)
      this.forkNode = grownInt32(this.forkNode, capacity)
      this.forkTotal = grownInt32(this.forkTotal, capacity)
      this.forkDone = grownInt32(this.forkDone, capacity)
      this.forkSucceeded = grownInt32(this.forkSucceeded, capacity)
      this.forkFailed = grownInt32(this.forkFailed, capacity)
    })
  }

  /** An execution that begins now. */
  open(stream: number, key: number, kind: number, isExpress: boolean): number {
    const execution = this.slots.take()
    this.startedUs[execution] = this.clock.nowUs
    this.key[execution] = key
    this.stream[execution] = stream
    // ExecutionStarted.
    this.events[execution] = 1
    this.kind[execution] = kind
    this.isExpress[execution] = isExpress ? 1 : 0
    this.caller[execution] = NONE
    this.forkNode[execution] = NONE
    return execution
  }

  setFork(execution: number, node: number, total: number, done: number): void {
    this.forkNode[execution] = node
    this.forkTotal[execution] = total
    this.forkDone[execution] = done
  }

  setForkEnds(execution: number, succeeded: number, failed: number): void {
    this.forkSucceeded[execution] = succeeded
    this.forkFailed[execution] = failed
  }

  give(execution: number): void {
    this.slots.give(execution)
  }
}

// What a strand does when its time has come.
/** Nothing: it waits for somebody's answer, or not at all. */
export const ASLEEP = 0
/** Asks for a state transition to `target`. */
export const GO_ON = 1
/** Enters `target`: the transition is granted. */
export const ENTER = 2
/** Asks for a state transition and tries its state again. */
export const RETRY = 3
/** Tries its state again: the transition is granted. */
export const TRY_AGAIN = 4
/** What its task called has answered well, or with a failure. */
export const CALL_SUCCEEDED = 5
export const CALL_FAILED = 6
/** Its task's stated time is over. */
export const COMPLETE = 7
/** Step Functions takes the result of its callback. */
export const REPORTED = 8

/** Places in executions: one for each, and one more for each branch and item that runs. */
export class Strands {
  execution = new Int32Array(0)
  node = new Int32Array(0)
  /** Where it goes when it wakes. */
  target = new Int32Array(0)
  key = new Float64Array(0)
  enteredUs = new Float64Array(0)
  /** When the event comes that wakes it. */
  dueUs = new Float64Array(0)
  wakes = new Uint8Array(0)
  /** Events in the queue that name it: its slot is not given away before they have come. */
  pending = new Int32Array(0)
  isDead = new Uint8Array(0)
  /** Nodes entered so far. */
  visits = new Int32Array(0)
  /** At its node, from 1. */
  attempt = new Int32Array(0)
  /** The call that its task waits for: an invocation or an execution; NONE. */
  call = new Int32Array(0)
  calledUs = new Float64Array(0)
  /** The fork that it waits for, or NONE. */
  fork = new Int32Array(0)
  /** The fork that it belongs to, or NONE; its neighbours there, and how many items it stands for. */
  owner = new Int32Array(0)
  next = new Int32Array(0)
  previous = new Int32Array(0)
  items = new Int32Array(0)
  /** Its place among the branches or items. */
  index = new Int32Array(0)
  /** Retries made by each retrier of its node, `retrierCount` side by side. */
  retries = new Int32Array(0)
  private readonly slots: SlotPool

  constructor(name: string, retrierCount: number) {
    this.slots = new SlotPool(`branches of ${name}`, (capacity) => {
      this.execution = grownInt32(this.execution, capacity)
      this.node = grownInt32(this.node, capacity)
      this.target = grownInt32(this.target, capacity)
      this.key = grownFloat64(this.key, capacity)
      this.enteredUs = grownFloat64(this.enteredUs, capacity)
      this.dueUs = grownFloat64(this.dueUs, capacity)
      this.wakes = grownBytes(this.wakes, capacity)
      this.pending = grownInt32(this.pending, capacity)
      this.isDead = grownBytes(this.isDead, capacity)
      this.visits = grownInt32(this.visits, capacity)
      this.attempt = grownInt32(this.attempt, capacity)
      this.call = grownInt32(this.call, capacity)
      this.calledUs = grownFloat64(this.calledUs, capacity)
      this.fork = grownInt32(this.fork, capacity)
      this.owner = grownInt32(this.owner, capacity)
      this.next = grownInt32(this.next, capacity)
      this.previous = grownInt32(this.previous, capacity)
      this.items = grownInt32(this.items, capacity)
      this.index = grownInt32(this.index, capacity)
      this.retries = grownInt32(this.retries, capacity * retrierCount)
    })
  }

  get used(): number {
    return this.slots.used
  }

  /** A strand that has entered no state yet. */
  open(execution: number, key: number): number {
    const strand = this.slots.take()
    this.execution[strand] = execution
    this.key[strand] = key
    this.node[strand] = NONE
    this.wakes[strand] = ASLEEP
    this.visits[strand] = 0
    this.attempt[strand] = 0
    this.call[strand] = NONE
    this.fork[strand] = NONE
    this.owner[strand] = NONE
    this.pending[strand] = 0
    this.isDead[strand] = 0
    return strand
  }

  /** Gives the slot away, now or when the last event that names it has come. */
  retire(strand: number): void {
    this.isDead[strand] = 1
    if (this.pending[strand] === 0) this.slots.give(strand)
  }

  /** An event that named it has come; true when nobody is there for it any more. */
  comes(strand: number): boolean {
    const left = --this.pending[strand]!
    if (this.isDead[strand] === 0) return false
    if (left === 0) this.slots.give(strand)
    return true
  }
}

/** Parallel and Map states that are under way. */
export class Forks {
  /** Whose it is. */
  strand = new Int32Array(0)
  node = new Int32Array(0)
  /** Branches or items. */
  total = new Int32Array(0)
  started = new Int32Array(0)
  ended = new Int32Array(0)
  failed = new Int32Array(0)
  /** Which of the first 31 have ended well: a bit for each. */
  doneMask = new Int32Array(0)
  /** Strands under way, and the first of them. */
  live = new Int32Array(0)
  firstChild = new Int32Array(0)
  /** It is starting strands: whoever ends meanwhile only counts. */
  isBusy = new Uint8Array(0)
  /** When it may start the next child execution. */
  nextStartUs = new Float64Array(0)
  /** A Map Run that waits for others to end. */
  isQueued = new Uint8Array(0)
  /** It has an event in the queue. */
  isArmed = new Uint8Array(0)
  isDead = new Uint8Array(0)
  /** Told apart from others that had the slot before. */
  serial = new Int32Array(0)
  /** Of the first failure. */
  readonly errors: string[] = []
  private readonly slots: SlotPool

  constructor(name: string) {
    this.slots = new SlotPool(`Parallel and Map states of ${name}`, (capacity) => {
      this.strand = grownInt32(this.strand, capacity)
      this.node = grownInt32(this.node, capacity)
      this.total = grownInt32(this.total, capacity)
      this.started = grownInt32(this.started, capacity)
      this.ended = grownInt32(this.ended, capacity)
      this.failed = grownInt32(this.failed, capacity)
      this.doneMask = grownInt32(this.doneMask, capacity)
      this.live = grownInt32(this.live, capacity)
      this.firstChild = grownInt32(this.firstChild, capacity)
      this.isBusy = grownBytes(this.isBusy, capacity)
      this.nextStartUs = grownFloat64(this.nextStartUs, capacity)
      this.isQueued = grownBytes(this.isQueued, capacity)
      this.isArmed = grownBytes(this.isArmed, capacity)
      this.isDead = grownBytes(this.isDead, capacity)
      this.serial = grownInt32(this.serial, capacity)
    })
  }

  take(): number {
    const fork = this.slots.take()
    this.serial[fork]!++
    this.isDead[fork] = 0
    this.isArmed[fork] = 0
    this.isQueued[fork] = 0
    return fork
  }

  retire(fork: number): void {
    this.isDead[fork] = 1
    if (this.isArmed[fork] === 0) this.slots.give(fork)
  }

  /** Its event has come; true when nobody is there for it any more. */
  comes(fork: number): boolean {
    this.isArmed[fork] = 0
    if (this.isDead[fork] === 0) return false
    this.slots.give(fork)
    return true
  }
}
