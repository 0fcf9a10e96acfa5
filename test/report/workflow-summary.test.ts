import { describe, expect, test } from 'vitest'
import { isLoss } from '../../src/experiment/headlines.ts'
import type { ResultIndex } from '../../src/report/summary/result-index.ts'
import {
  workflowBlocks,
  workflowFailures,
  workflowRefusals,
} from '../../src/report/summary/workflows.ts'

function indexOf(values: Readonly<Record<string, number>>): ResultIndex {
  const index = {
    names: () => ['saga', 'saga.Charge'],
    value: (_scope: string, name: string, metric: string, statistic: string) =>
      values[`${name}.${metric}.${statistic}`],
  }
  return index as unknown as ResultIndex
}

const FINE = {
  'saga.ExecutionsStarted.sum': 1_000,
  'saga.ExecutionsSucceeded.sum': 900,
  'saga.ExecutionTime.p50': 420,
  'saga.StateTransitions.sum': 4_000,
  'saga.Charge.StateRetries.sum': 12,
}

describe('the summary of state machines', () => {
  test('has a row for each machine and none for its states', () => {
    const [block] = workflowBlocks(indexOf({ ...FINE, 'saga.ExecutionsFailed.sum': 60 }))
    expect(block).toMatchObject({
      rows: [{ cells: ['saga', '1,000', '900', '60', '420ms', '-', '12', '-'] }],
    })
  })

  test('tells which starts were refused and which transitions waited', () => {
    const texts = workflowRefusals(
      indexOf({
        ...FINE,
        'saga.ExecutionsRefused.sum': 250,
        'saga.ExecutionThrottled.sum': 400,
      }),
    ).map((block) => 'text' in block && block.text)
    expect(texts).toEqual([
      'StartExecution refused 250 of 1,250 calls of saga (20%): its token bucket was empty.',
      'saga waited for a token at 400 of 4,000 state transitions (10%): its executions were delayed, none was lost.',
    ])
    expect(workflowRefusals(indexOf(FINE))).toEqual([])
  })

  test('tells how many executions failed or timed out', () => {
    const [block] = workflowFailures(
      indexOf({ ...FINE, 'saga.ExecutionsFailed.sum': 60, 'saga.ExecutionsTimedOut.sum': 40 }),
    )
    expect(block).toMatchObject({
      text: 'Of 1,000 executions of saga 60 failed and 40 timed out.',
    })
    expect(workflowFailures(indexOf(FINE))).toEqual([])
  })

  test('tells of those that were stopped, and counts what was redriven', () => {
    const values = {
      ...FINE,
      'saga.ExecutionsFailed.sum': 60,
      'saga.ExecutionsTimedOut.sum': 10,
      'saga.ExecutionsAborted.sum': 30,
      'saga.ExecutionsRedriven.sum': 55,
    }
    expect(workflowFailures(indexOf(values))[0]).toMatchObject({
      text: 'Of 1,000 executions of saga, 55 of them redriven, 60 failed, 10 timed out and 30 were stopped by what had waited for them.',
    })
  })
})

describe('what is lost', () => {
  const row = (name: string) =>
    ({ scope: 'stateMachine', name, outcome: 'dropped', count: 3 }) as const

  test('are items of a Map, and not executions that were stopped', () => {
    expect(isLoss(row('saga.Each'))).toBe(true)
    expect(isLoss(row('saga'))).toBe(false)
  })
})
