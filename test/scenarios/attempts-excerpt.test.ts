import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { simulate } from '../../src/index.ts'
import type { AttemptRow } from '../../src/model/attempt-log.ts'
import { IDENTITY_COLUMNS, TOTAL_COLUMNS } from '../../src/report/attempts-csv.ts'

const REQUEST = 93_000
const COLUMNS = [...IDENTITY_COLUMNS, ...TOTAL_COLUMNS]

function cell(row: AttemptRow, column: string): string {
  const known = COLUMNS.find(({ name }) => name === column)
  if (known !== undefined) return known.read(row)
  return String(row.parts[row.partNames.indexOf(column.replace(/_ms$/, ''))]! / 1_000)
}

it("the README's excerpt of the invocations file is what the scenario gives", async () => {
  const lines = readFileSync('README.md', 'utf8').split('\n')
  const begin = lines.findIndex((line) => line.startsWith('| request | attempt |'))
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((text) => text.trim())
  const columns = cells(lines[begin]!)
  const shown = lines.slice(begin + 2, lines.indexOf('', begin)).map(cells)
  const rows: AttemptRow[] = []
  await simulate(readFileSync('scenarios/metastable-collapse.yaml', 'utf8'), {
    set: ['duration=317s'],
    onAttempt: (row) => {
      if (row.request === REQUEST) rows.push(row)
    },
  })
  rows.sort((one, other) => one.attempt - other.attempt)
  expect(rows.map((row) => columns.map((column) => cell(row, column)))).toEqual(shown)
})
