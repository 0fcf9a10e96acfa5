import { PART_HELP } from '../model/attempts/part-columns.ts'
import { IDENTITY_COLUMNS, TOTAL_COLUMNS } from './attempts-csv.ts'

/** The content of `docs/reference/invocations.md`. */
export function attemptsReferenceText(): string {
  const parts = PART_HELP.map(({ name, help }) => ({ name: `${name}_ms`, help }))
  return `# The file of \`--invocations\`

<!-- Generated from the columns. A test compares the two; \`npx vitest run test/report -u\` writes it anew. -->

\`spillway run SCENARIO --invocations FILE\` writes a row for each attempt, when its fate is known and nobody waits for it any more. [Where the time goes](../concepts/where-time-goes.md) explains how the parts are counted.

## What it was

| column | meaning |
|---|---|
${rowsOf(IDENTITY_COLUMNS)}

## Where its time went

The parts, in the order of an attempt's life. Each is a whole number of microseconds, and they add up to \`latency_ms\`. Every downstream of the scenario has columns of its own, named after it: \`orders-db.wait_ms\`. Only connection pools have \`connection_ms\`.

| column | meaning |
|---|---|
${rowsOf(parts)}

## In all

| column | meaning |
|---|---|
${rowsOf(TOTAL_COLUMNS)}
`
}

function rowsOf(columns: readonly { readonly name: string; readonly help: string }[]): string {
  return columns.map(({ name, help }) => `| \`${name}\` | ${help} |`).join('\n')
}
