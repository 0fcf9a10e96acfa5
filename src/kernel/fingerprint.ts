/**
 * A rolling 64-bit hash over a run's transitions. Two runs with the same fingerprint took the same
 * path: refactoring must not move it, and a change that does says so.
 */
export class Fingerprint {
  private one = 0x2545f491
  private other = 0x1b873593

  mix(code: number, timeUs: number, entity: number, ordinal: number): void {
    const timeHigh = (timeUs * 2.3283064365386963e-10) | 0
    const what = (entity + Math.imul(code, 0x9e3779b1) + timeHigh) | 0
    this.one = Math.imul(this.one ^ timeUs ^ (this.one >>> 15), 0x85ebca6b) + what
    this.one |= 0
    this.other = Math.imul((this.other ^ what ^ (this.other >>> 13)) + (ordinal | 0), 0xc2b2ae35)
  }

  /** Sixteen hexadecimal digits. */
  toString(): string {
    const digits = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
    return digits(this.one) + digits(this.other)
  }
}
