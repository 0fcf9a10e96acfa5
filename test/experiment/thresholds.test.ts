import { describe, expect, test } from 'vitest'
import type { SummaryRow } from '../../src/experiment/result.ts'
import { evaluateThresholds } from '../../src/experiment/thresholds.ts'
import { threshold, value } from './fixtures.ts'

const ONE_RUN = { replications: 1, isInterrupted: false, growing: [] }
const TEN_RUNS = { replications: 10, isInterrupted: false, growing: [] }

function row(amount: number, interval: readonly [number, number] | null = null): SummaryRow {
  return {
    ...value('api', 'Throttles', 'sum', amount),
    ci95Low: interval?.[0] ?? null,
    ci95High: interval?.[1] ?? null,
  }
}

function verdictOf(
  operator: '<' | '<=' | '>' | '>=',
  limit: number,
  summary: SummaryRow,
  context = ONE_RUN,
) {
  return evaluateThresholds(
    [threshold('api.Throttles.sum', operator, limit)],
    [summary],
    context,
  )[0]!.verdict
}

describe('thresholds of one run', () => {
  test.each([
    ['<', 5, 4, 'passed'],
    ['<', 5, 5, 'failed'],
    ['<=', 5, 5, 'passed'],
    ['<=', 5, 6, 'failed'],
    ['>', 5, 6, 'passed'],
    ['>', 5, 5, 'failed'],
    ['>=', 5, 5, 'passed'],
    ['>=', 5, 4, 'failed'],
  ] as const)('%s %d: a value of %d has %s', (operator, limit, amount, verdict) => {
    expect(verdictOf(operator, limit, row(amount))).toBe(verdict)
  })

  test('the margin is positive on the passing side of either kind of limit', () => {
    const thresholds = [
      threshold('api.Throttles.sum', '<', 5),
      threshold('api.Throttles.sum', '>=', 5),
    ]
    const [upper, lower] = evaluateThresholds(thresholds, [row(3)], ONE_RUN)
    expect([upper?.margin, lower?.margin]).toEqual([2, -2])
  })

  test('a metric without a sample is undecided and says so', () => {
    const wanted = { ...threshold('api.Duration.p99', '<', 500, 'p99') }
    expect(evaluateThresholds([wanted], [row(3)], ONE_RUN)).toEqual([
      {
        threshold: wanted,
        verdict: 'undecided',
        value: null,
        ci95Low: null,
        ci95High: null,
        unit: 'ms',
        margin: null,
        note: 'no sample after the warm-up',
      },
    ])
  })

  test('a share of nothing is undecided and says so', () => {
    const wanted = threshold('api.Throttles.share', '<', 0.001, 'share')
    const [verdict] = evaluateThresholds([wanted], [row(0)], ONE_RUN)
    expect(verdict).toMatchObject({
      verdict: 'undecided',
      unit: 'ratio',
      note: 'a share of nothing: 0 of 0',
    })
  })

  test('an interrupted run decides nothing', () => {
    expect(verdictOf('<', 5, row(9), { replications: 1, isInterrupted: true, growing: [] })).toBe(
      'undecided',
    )
  })
})

describe('thresholds over replications', () => {
  test.each([
    ['<', 5, [1, 4], 'passed'],
    ['<', 5, [6, 8], 'failed'],
    ['<', 5, [4, 6], 'undecided'],
    ['>', 5, [6, 8], 'passed'],
    ['>', 5, [1, 4], 'failed'],
    ['>', 5, [4, 6], 'undecided'],
    ['<', 5, [1, 5], 'undecided'],
    ['<=', 5, [1, 5], 'passed'],
  ] as const)('%s %d: an interval of %j has %s', (operator, limit, interval, verdict) => {
    const middle = (interval[0] + interval[1]) / 2
    expect(verdictOf(operator, limit, row(middle, interval), TEN_RUNS)).toBe(verdict)
  })

  test('replications that all agree decide like one run, even at the limit', () => {
    expect(verdictOf('<=', 0, row(0, [0, 0]), TEN_RUNS)).toBe('passed')
    expect(verdictOf('<', 0, row(0, [0, 0]), TEN_RUNS)).toBe('failed')
  })

  test('a sample in a single replication is too few to decide', () => {
    expect(verdictOf('<', 5, row(9), TEN_RUNS)).toBe('undecided')
  })
})
