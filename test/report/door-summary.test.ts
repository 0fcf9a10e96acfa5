import { expect, test } from 'vitest'
import { doorVerdicts } from '../../src/report/summary/doors.ts'
import type { ResultIndex } from '../../src/report/summary/result-index.ts'

function indexOf(values: Readonly<Record<string, number>>): ResultIndex {
  const index = {
    names: () => ['shop'],
    value: (_scope: string, _name: string, metric: string) => values[metric],
  }
  return index as unknown as ResultIndex
}

test('the verdict tells which errors a front door answered with', () => {
  expect(doorVerdicts(indexOf({ Count: 1_000, '4xx': 25, '5xx': 0 }))).toEqual([
    { kind: 'verdict', tone: 'bad', text: 'shop answered with errors: 4xx 25 (2.5%).', lines: [] },
  ])
  expect(doorVerdicts(indexOf({ Count: 1_000, '4xx': 0, '5xx': 0 }))).toEqual([])
})
