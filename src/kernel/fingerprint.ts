/**
 * A rolling 64-bit hash over a run's transitions. Two runs with the same fingerprint took the same
 * path: refactoring must not move it, and a change that does says so.
 */
export class Fingerprint {
  private one = 0x2545f491
  private other = 0x1b873593

  /** Every step stays an int32: a field that once held a larger number is slower for ever. */
  mix(code: number, timeUs: number, entity: number, ordinal: number): void {
    const what = (Math.imul(code, 0x9e3779b1) + entity) | 0
    const timeHigh = (timeUs * 2.3283064365386963e-10) | 0
    const one = (Math.imul(this.one ^ timeUs, 0x85ebca6b) + what) | 0
    const other = (Math.imul(this.other ^ ordinal, 0xc2b2ae35) + (one >>> 15) + timeHigh) | 0
    this.one = one ^ (other >>> 13)
    this.other = other
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    const digits = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
    return digits(this.one) + digits(this.other)
  }
}
