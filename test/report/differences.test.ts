import { describe, expect, it } from 'vitest'
import type { Comparison, ComparisonRow, ScenarioChange } from '../../src/experiment/compare.ts'
import { differenceList } from '../../src/report/differences.ts'

type Value = Pick<ComparisonRow, 'value' | 'verdict'> & { readonly interval?: readonly number[] }

const row = (
  contender: string,
  of: Pick<ComparisonRow, 'scope' | 'name' | 'metric' | 'statistic' | 'unit'>,
  reference: number,
  { value, verdict, interval }: Value,
): ComparisonRow => ({
  contender,
  ...of,
  value,
  ci95Low: null,
  ci95High: null,
  difference: value - reference,
  differenceLow: interval?.[0] ?? null,
  differenceHigh: interval?.[1] ?? null,
  verdict,
})

const MONTH = {
  scope: 'account',
  name: 'account',
  metric: 'MonthlyCost',
  statistic: 'sum',
  unit: 'usd',
} as const
const P99 = {
  scope: 'traffic',
  name: 'shoppers',
  metric: 'ClientLatency',
  statistic: 'p99',
  unit: 'ms',
} as const

/** What is said of a contender against 100 dollars a month and a p99 of 800 ms. */
function said(
  cost: Value | null,
  p99: Value | null,
  changes: readonly ScenarioChange[] = [],
): string {
  const asWritten: Value = { value: Number.NaN, verdict: 'reference' }
  const comparison = {
    reference: 'as-written',
    results: [{ name: 'as-written' }, { name: 'other', changes }],
    rows: [
      row('as-written', MONTH, 100, { ...asWritten, value: 100 }),
      row('as-written', P99, 800, { ...asWritten, value: 800 }),
      ...(cost === null ? [] : [row('other', MONTH, 100, cost)]),
      ...(p99 === null ? [] : [row('other', P99, 800, p99)]),
    ],
  } as unknown as Comparison
  const list = differenceList(comparison).find(({ kind }) => kind === 'list')
  return list?.kind === 'list' ? list.items.map(({ mark, text }) => `${mark}: ${text}`).join() : ''
}

describe('what is said of a scenario against the reference', () => {
  it('is what it changes, costs, and does to the slowest requests', () => {
    expect(
      said(
        { value: 125, verdict: 'higher', interval: [24, 26] },
        { value: 610, verdict: 'lower', interval: [-191, -189] },
        [
          { path: 'functions.a.provisionedConcurrentExecutions', value: '8' },
          { path: 'functions.b', value: null },
        ],
      ),
    ).toBe(
      'other: With functions.a.provisionedConcurrentExecutions = 8 and no functions.b it costs $25.00 ($24.00 to $26.00), 25% more a month, and moves p99 of shoppers from 800ms to 610ms.',
    )
  })

  it('names what is saved from its smaller end', () => {
    expect(said({ value: 60, verdict: 'lower', interval: [-42, -38] }, null)).toBe(
      'other: It saves $40.00 ($38.00 to $42.00), 40%, a month.',
    )
  })

  it('takes chance for no difference, and what is the same for the same', () => {
    expect(
      said(
        { value: 101, verdict: 'no-detectable-difference', interval: [-1, 3] },
        { value: 810, verdict: 'no-detectable-difference', interval: [-5, 25] },
      ),
    ).toBe('other: It has no detectable difference in cost a month, and moves no p99 detectably.')
    const same = { verdict: 'same', interval: [0, 0] } as const
    expect(said({ value: 100, ...same }, { value: 800, ...same })).toBe(
      'other: It costs the same a month, and leaves p99 as it is.',
    )
  })

  it('has no interval of one replication, and no share that says nothing', () => {
    expect(said({ value: 5_100, verdict: 'undecided' }, { value: 610, verdict: 'undecided' })).toBe(
      'other: It costs $5,000.00 more a month, and moves p99 of shoppers from 800ms to 610ms.',
    )
  })

  it('is nothing where neither has a value', () => {
    expect(said(null, null)).toBe('other: Nothing of it can be compared.')
  })
})
