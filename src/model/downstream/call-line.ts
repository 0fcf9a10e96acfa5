import type { Calls } from './calls.ts'
import { NO_CALL } from './calls.ts'

/** Calls that wait, in the order they came; any of them may leave. */
export class CallLine {
  length = 0
  private head = NO_CALL
  private tail = NO_CALL
  private readonly calls: Calls

  constructor(calls: Calls) {
    this.calls = calls
  }

  /** The one that waits longest, or NO_CALL. */
  get first(): number {
    return this.head
  }

  append(call: number): void {
    const { next, previous } = this.calls
    next[call] = NO_CALL
    previous[call] = this.tail
    if (this.tail === NO_CALL) this.head = call
    else next[this.tail] = call
    this.tail = call
    this.length++
  }

  remove(call: number): void {
    const { next, previous } = this.calls
    const after = next[call]!
    const before = previous[call]!
    if (before === NO_CALL) this.head = after
    else next[before] = after
    if (after === NO_CALL) this.tail = before
    else previous[after] = before
    this.length--
  }

  /** The longest waiting one leaves; there must be one. */
  shift(): number {
    const call = this.head
    this.remove(call)
    return call
  }
}
