import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'

/**
 * How many calls a second each message group may have of one action: at once as many as one second
 * allows. A group is remembered for as long as its calls count, one second, and forgotten within
 * another one, so that memory does not grow with the number of groups.
 */
export class GroupRate {
  private readonly callsPerSecond: number
  /**
   * When the calls of a group so far are worked off, by its key, in units of 1/callsPerSecond us: a
   * call takes a million of them, so that sums are exact.
   */
  private present = new Map<number, number>()
  private former = new Map<number, number>()
  private renewedUs = 0

  constructor(callsPerSecond: number) {
    this.callsPerSecond = callsPerSecond
  }

  /** When the next call of a group is answered, us; not after now: at once. */
  callableAtUs(group: number): number {
    const { callsPerSecond } = this
    const room = (callsPerSecond - 1) * MICROSECONDS_PER_SECOND
    return Math.ceil((this.workedOff(group) - room) / callsPerSecond)
  }

  take(group: number, nowUs: number): void {
    this.renew(nowUs)
    const start = Math.max(this.workedOff(group), nowUs * this.callsPerSecond)
    this.present.set(group, start + MICROSECONDS_PER_SECOND)
  }

  private workedOff(group: number): number {
    return this.present.get(group) ?? this.former.get(group) ?? 0
  }

  private renew(nowUs: number): void {
    if (nowUs < this.renewedUs + MICROSECONDS_PER_SECOND) return
    this.renewedUs = nowUs
    const forgotten = this.former
    forgotten.clear()
    this.former = this.present
    this.present = forgotten
  }
}
