import { type Generator, rekey } from '../../kernel/generator.ts'
import { InvariantViolation } from '../../kernel/invariant.ts'
import { grownFloat64, grownInt32, SlotPool } from '../../kernel/slot-pool.ts'

/** How a call to a downstream ends. */
export const CALL_SUCCEEDED = 0
/** It answered with an error. */
export const CALL_FAILED = 1
/** It answered that there were too many calls (429). */
export const CALL_THROTTLED = 2
/** It took no more: its queue is full, or it has no connection left. */
export const CALL_REFUSED = 3
/** The caller did not wait any longer. */
export const CALL_TIMED_OUT = 4

export type CallOutcome = 0 | 1 | 2 | 3 | 4

export const NO_CALL = -1

/** A call that is with no downstream, or whose caller does not wait any more. */
const NOWHERE = 0

/** Who made calls, and is told how they end. */
export interface CallOwner {
  onAnswer(call: number, outcome: CallOutcome): void
}

/**
 * The calls on their way to downstreams, and in them. A call belongs to its owner until it has been
 * answered or given up; then its slot is free again.
 */
export class Calls {
  /** Index of the owner, and what the call is to it. */
  owner = new Int32Array(0)
  subject = new Int32Array(0)
  /** The execution environment that makes it. */
  environment = new Int32Array(0)
  /** Stream and ordinal key what is drawn for it, the attempt tells its tries apart. */
  stream = new Int32Array(0)
  ordinal = new Float64Array(0)
  attempt = new Int32Array(0)
  /** When it came in. */
  beganUs = new Float64Array(0)
  /** When it came to where it is now: into the line, then into service. */
  sinceUs = new Float64Array(0)
  /** Neighbours in the line that it waits in; the downstream's to use. */
  next = new Int32Array(0)
  previous = new Int32Array(0)
  /** Where in the downstream it is; the downstream's to use. */
  state = new Int32Array(0)
  /** The downstream that owes it an answer, or NOWHERE. */
  private debtor = new Int32Array(0)
  private debtors = NOWHERE
  private readonly owners: CallOwner[] = []
  private readonly slots: SlotPool

  constructor() {
    this.slots = new SlotPool('calls to downstreams', (capacity) => {
      this.owner = grownInt32(this.owner, capacity)
      this.subject = grownInt32(this.subject, capacity)
      this.environment = grownInt32(this.environment, capacity)
      this.stream = grownInt32(this.stream, capacity)
      this.ordinal = grownFloat64(this.ordinal, capacity)
      this.attempt = grownInt32(this.attempt, capacity)
      this.beganUs = grownFloat64(this.beganUs, capacity)
      this.sinceUs = grownFloat64(this.sinceUs, capacity)
      this.next = grownInt32(this.next, capacity)
      this.previous = grownInt32(this.previous, capacity)
      this.state = grownInt32(this.state, capacity)
      this.debtor = grownInt32(this.debtor, capacity)
    })
  }

  /** Calls that have not been answered or given up. */
  get used(): number {
    return this.slots.used
  }

  addOwner(owner: CallOwner): number {
    return this.owners.push(owner) - 1
  }

  /** A number for a downstream, by which calls know it. */
  addDebtor(): number {
    return ++this.debtors
  }

  /** From now on this downstream owes the call an answer. */
  owe(call: number, debtor: number): void {
    if (this.debtor[call] !== NOWHERE) this.violate(call, 'is made to two downstreams')
    this.debtor[call] = debtor
  }

  /** The call has its answer, or nobody waits for it any more. */
  settle(call: number): void {
    this.debtor[call] = NOWHERE
  }

  /** How many answers a downstream owes, counted call by call. */
  owedBy(debtor: number): number {
    return this.debtor.reduce((count, other) => (other === debtor ? count + 1 : count), 0)
  }

  /** A call of `owner`; the caller writes the environment and what keys its draws. */
  open(owner: number, subject: number): number {
    const call = this.slots.take()
    this.owner[call] = owner
    this.subject[call] = subject
    this.attempt[call] = 0
    return call
  }

  /** A call that stands for another one, from the same environment and with the same draws. */
  openFor(call: number, owner: number, subject: number): number {
    const other = this.open(owner, subject)
    this.environment[other] = this.environment[call]!
    this.stream[other] = this.stream[call]!
    this.ordinal[other] = this.ordinal[call]!
    this.attempt[other] = this.attempt[call]!
    return other
  }

  /** `generator` for one purpose of the call's current attempt. */
  drawFor(call: number, purpose: number, generator: Generator): Generator {
    const { stream, ordinal, attempt } = this
    return rekey(generator, stream[call]!, ordinal[call]!, purpose, attempt[call]!)
  }

  give(call: number): void {
    if (this.debtor[call] !== NOWHERE) this.violate(call, 'is forgotten without an answer')
    this.slots.give(call)
  }

  /** The downstream is done with it. */
  answer(call: number, outcome: CallOutcome): void {
    this.owners[this.owner[call]!]!.onAnswer(call, outcome)
  }

  private violate(call: number, what: string): never {
    throw new InvariantViolation(`call ${call} ${what}`)
  }
}

/** What is kept of each call, with room for `call`. */
export function grownToCalls(
  kept: Int32Array<ArrayBuffer>,
  call: number,
  { state }: Calls,
): Int32Array<ArrayBuffer> {
  return call < kept.length ? kept : grownInt32(kept, state.length)
}
