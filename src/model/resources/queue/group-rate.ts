import { grownFloat64 } from '../../../kernel/slot-pool.ts'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'

/** How many calls a second each group may have of one action: at once as many as in one second. */
export class GroupRate {
  private readonly callsPerSecond: number
  /**
   * When the calls of a group so far are worked off, in units of 1/callsPerSecond us: a call takes
   * a million of them, so that sums are exact.
   */
  private workedOff = new Float64Array(0)

  constructor(callsPerSecond: number) {
    this.callsPerSecond = callsPerSecond
  }

  grow(capacity: number): void {
    this.workedOff = grownFloat64(this.workedOff, capacity)
  }

  /** A new group. */
  begin(group: number): void {
    this.workedOff[group] = 0
  }

  /** When the next call of a group is answered, us; not after now: at once. */
  callableAtUs(group: number): number {
    const room = (this.callsPerSecond - 1) * MICROSECONDS_PER_SECOND
    return Math.ceil((this.workedOff[group]! - room) / this.callsPerSecond)
  }

  take(group: number, nowUs: number): void {
    const start = Math.max(this.workedOff[group]!, nowUs * this.callsPerSecond)
    this.workedOff[group] = start + MICROSECONDS_PER_SECOND
  }

  /** Whether the group may have as many calls as a new one. */
  isWorkedOff(group: number, nowUs: number): boolean {
    return this.workedOff[group]! <= nowUs * this.callsPerSecond
  }
}
