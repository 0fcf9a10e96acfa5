/** What holds of every run, whatever leads to the functions and wherever they lead. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { SECOND } from '../support/run.ts'
import {
  balancesWhereInterrupted,
  booksLimitsOrdersAndMetricsHold,
  drainsDry,
  slicesCannotBeSeen,
  variantsMeetTheSameMessages,
} from './topology/laws.ts'
import { topology } from './topology/scenario.ts'

const RUNS = { numRuns: 16 }

describe('any topology', () => {
  it('keeps its books, its limits and the order of each key, and measures what happened', async () => {
    await fc.assert(fc.asyncProperty(topology, booksLimitsOrdersAndMetricsHold), RUNS)
  })

  it('balances wherever its run is interrupted', async () => {
    const instant = fc.integer({ min: 0, max: 60 * SECOND })
    const events = fc.integer({ min: 1, max: 3_000 })
    await fc.assert(fc.asyncProperty(topology, instant, events, balancesWhereInterrupted), RUNS)
  })

  it('leaves nothing where somebody reads when it drains', async () => {
    await fc.assert(fc.asyncProperty(topology, drainsDry), RUNS)
  })

  it('gives the same run twice, and in slices of any size', async () => {
    await fc.assert(fc.asyncProperty(topology, slicesCannotBeSeen), { numRuns: 12 })
  })

  it('meets the same messages with other limits and batch sizes', async () => {
    await fc.assert(fc.asyncProperty(topology, variantsMeetTheSameMessages), RUNS)
  })
})
