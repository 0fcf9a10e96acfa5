/**
 * How theory is tested. A claim is that a known answer lies in the Student-t interval of
 * independent replications, and that this interval is narrow enough to mean something. All claims
 * of the family together may give one false alarm in a thousand runs of correct code; each has an
 * equal share of that (Bonferroni), however the claims depend on each other.
 */
import { expect } from 'vitest'
import { studentInterval } from '../../src/stats/confidence.ts'

const FALSE_ALARM_BUDGET = 0.001

/** How many claims each law makes: what it may take of the budget. */
const CLAIMS = {
  'arrival processes': 17,
  'Erlang loss': 4,
  'states of M/M/c/c': 4,
  'M/G/infinity': 6,
  Little: 1,
  'cold starts': 8,
  'published warm pool': 5,
  'request rate': 3,
  'provisioned concurrency': 6,
  'closed loop': 8,
  retries: 8,
  'queue downstream': 8,
  'throughput downstream': 2,
  'table capacity': 2,
  workflows: 6,
  'managed instances': 2,
  'measurements of 2020': 18,
} as const

type Law = keyof typeof CLAIMS

/** What one claim may take of the budget. */
export const CLAIM_SHARE =
  FALSE_ALARM_BUDGET / Object.values(CLAIMS).reduce<number>((sum, count) => sum + count, 0)

/** The largest half-width of an interval that proves something, as a share of the known answer. */
export const PRECISION = 0.02
/** The same for rare events. */
export const RARE_PRECISION = 0.05

const FEWEST_REPLICATIONS = 20

interface ClaimOptions {
  /** `PRECISION` unless the event is rare. */
  readonly precision?: number
  /** A proven bound on how far the expectation itself may lie from the known answer. */
  readonly bias?: number
}

/** Makes a law's claims, and no more of them than the budget was divided by. */
export class Claims {
  private readonly law: Law
  private made = 0

  constructor(law: Law) {
    this.law = law
  }

  /** The share of one claim, taken. */
  take(): number {
    this.made++
    if (this.made > CLAIMS[this.law]) {
      throw new Error(`${this.law} has ${CLAIMS[this.law]} claims in the budget, not more`)
    }
    return CLAIM_SHARE
  }

  /** The mean of `values`, one per replication, may be `known`. */
  expectMean(values: readonly number[], known: number, options: ClaimOptions = {}): void {
    const { precision = PRECISION, bias = 0 } = options
    expect(values.length).toBeGreaterThanOrEqual(FEWEST_REPLICATIONS)
    const { mean, low, high, halfWidth } = studentInterval(values, 1 - this.take())
    const seen = `${this.law}: mean ${mean} with half-width ${halfWidth}, known answer ${known}`
    expect(halfWidth, seen).toBeLessThanOrEqual(precision * Math.abs(known))
    expect(known, seen).toBeGreaterThanOrEqual(low - bias)
    expect(known, seen).toBeLessThanOrEqual(high + bias)
  }
}
