/**
 * Counts per period as arrivals: the n arrivals of a period are n independent uniform times in
 * order, as those of a Poisson process are once their number is known. They are drawn one after the
 * other, without sorting: with S(k) the sum of k unit exponentials, S(1) / S(n+1), ... ,
 * S(n) / S(n+1) are the order statistics of n uniforms. Source: L. Devroye, Non-Uniform Random
 * Variate Generation (1986), section V.2.2.
 */
import { Generator, hashName, rekey } from '../../../kernel/generator.ts'
import { standardExponential } from '../../../kernel/ziggurat.ts'
import type { ArrivalSource } from './format.ts'

const PURPOSE = hashName('spread')

interface Period {
  readonly ordinal: number
  readonly startUs: number
  readonly lengthUs: number
  readonly count: number
}

/**
 * What is drawn for a period is keyed by its ordinal: it depends on the stream, the ordinal and the
 * count, not on the periods before it. Memory: the periods waiting, not their arrivals.
 */
export class SpreadCounts implements ArrivalSource {
  private readonly stream: number
  private readonly generator = new Generator()
  private waiting: Period[] = []
  private firstWaiting = 0
  private current: Period = { ordinal: 0, startUs: 0, lengthUs: 0, count: 0 }
  private emitted = 0
  /** S(emitted) and S(n+1) of the current period. */
  private sum = 0
  private total = 1

  constructor(stream: number) {
    this.stream = stream
  }

  /** Periods come in time order and do not overlap. */
  push(ordinal: number, startUs: number, lengthUs: number, count: number): void {
    if (count > 0) this.waiting.push({ ordinal, startUs, lengthUs, count })
  }

  take(block: Float64Array): number {
    let filled = 0
    while (filled < block.length) {
      if (this.emitted === this.current.count && !this.enterNext()) break
      this.sum += standardExponential(this.generator)
      this.emitted++
      block[filled++] = this.current.startUs + this.current.lengthUs * (this.sum / this.total)
    }
    return filled
  }

  private enterNext(): boolean {
    const next = this.waiting[this.firstWaiting]
    if (next === undefined) {
      this.waiting = []
      this.firstWaiting = 0
      return false
    }
    this.firstWaiting++
    this.current = next
    this.emitted = 0
    this.sum = 0
    this.startDraws()
    this.total = 0
    for (let index = 0; index <= next.count; index++) {
      this.total += standardExponential(this.generator)
    }
    // The same draws once more, now one by one.
    this.startDraws()
    return true
  }

  private startDraws(): void {
    rekey(this.generator, this.stream, this.current.ordinal, PURPOSE, 0)
  }
}
