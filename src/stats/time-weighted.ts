import type { Microseconds } from '../kernel/time.ts'

/**
 * A level that changes in steps, such as concurrent executions: its integral over time, and the
 * highest and lowest level held for any length of time. Intervals are half-open: a level set and
 * left at the same instant was never held, and one set at the end of a period belongs to the next.
 * Integers stay exact to 2^53 level x us: 2,500 executions for 41 days.
 */
export class TimeWeighted {
  /** The level from now on. */
  level: number
  private sinceUs: Microseconds = Number.NaN
  private periodStartUs: Microseconds = Number.NaN
  private area = Number.NaN
  private highest = -Infinity
  private lowest = Infinity

  constructor(startUs: Microseconds, level: number) {
    this.level = level
    this.sinceUs = startUs
    this.periodStartUs = startUs
    this.area = 0
  }

  set(nowUs: Microseconds, level: number): void {
    const heldUs = nowUs - this.sinceUs
    if (heldUs > 0) {
      const held = this.level
      this.area += held * heldUs
      if (held > this.highest) this.highest = held
      if (held < this.lowest) this.lowest = held
      this.sinceUs = nowUs
    }
    this.level = level
  }

  add(nowUs: Microseconds, change: number): void {
    this.set(nowUs, this.level + change)
  }

  /** Forgets what was before `nowUs`; the level goes on. */
  startPeriod(nowUs: Microseconds): void {
    this.sinceUs = nowUs
    this.periodStartUs = nowUs
    this.area = 0
    this.highest = -Infinity
    this.lowest = Infinity
  }

  /** Level times us from the start of the period to `nowUs`. */
  integral(nowUs: Microseconds): number {
    this.set(nowUs, this.level)
    return this.area
  }

  /** Time average from the start of the period to `nowUs`; the level itself when no time passed. */
  average(nowUs: Microseconds): number {
    const lengthUs = nowUs - this.periodStartUs
    return lengthUs > 0 ? this.integral(nowUs) / lengthUs : this.level
  }

  /** The highest level held in the period; the level itself when no time passed. */
  maximum(nowUs: Microseconds): number {
    this.set(nowUs, this.level)
    return this.highest === -Infinity ? this.level : this.highest
  }

  /** The lowest level held in the period; the level itself when no time passed. */
  minimum(nowUs: Microseconds): number {
    this.set(nowUs, this.level)
    return this.lowest === Infinity ? this.level : this.lowest
  }
}
