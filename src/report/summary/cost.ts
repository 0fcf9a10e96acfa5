import type { BreakEven } from '../../experiment/break-even.ts'
import type { Bill, BillLine, BillTotal, RunResult } from '../../experiment/result.ts'
import type { Block, Column, ListItem, Row } from '../document.ts'
import { money, percent } from '../phrase.ts'
import { shortName } from './tables.ts'

const LINES_SHOWN = 3

/** What the run cost, its biggest lines first; cost.csv has all. */
export function costBlocks({ bill, unbilled, breakEvens }: RunResult): Block[] {
  if (bill === null) {
    return unbilled === '' ? [] : [{ kind: 'note', text: `No bill: ${unbilled}.` }]
  }
  const hasIntervals = bill.costUsd.ci95Low !== null
  const columns: Column[] = [
    { title: 'cost', align: 'left' },
    { title: 'run', align: 'right' },
    ...(bill.monthlyUsd === null ? [] : [{ title: 'month', align: 'right' } as const]),
    ...(hasIntervals ? [{ title: '95% interval', align: 'right' } as const] : []),
  ]
  const rows = rowsOf(bill).map(({ label, run, month, of }): Row => {
    const cells = [label, money(run)]
    if (bill.monthlyUsd !== null) cells.push(month === null ? '' : money(month))
    if (hasIntervals) cells.push(of === null ? '' : interval(of))
    return { tone: 'plain', cells }
  })
  return [
    { kind: 'table', title: 'Cost', columns, rows, hasHead: true },
    ...noteBlocks([...splitTexts(bill), ...breakEvenTexts(breakEvens)]),
  ]
}

function noteBlocks(texts: readonly string[]): Block[] {
  const items = texts.map((text): ListItem => ({ tone: 'plain', mark: '', text }))
  return items.length === 0 ? [] : [{ kind: 'list', items }]
}

/** What of the month is the runs', and what another scenario's. */
function splitTexts({ otherwise, represents }: Bill): string[] {
  if (otherwise === null) return []
  const { file, runsUsd, restUsd } = otherwise
  return [
    `Of the month, ${money(runsUsd)} is for this run, ${represents}, and ${money(restUsd)} for ${file} in the rest of it.`,
  ]
}

/** Only said, not recommended: how long an init takes may be a guess. */
function breakEvenTexts(breakEvens: readonly BreakEven[]): string[] {
  return breakEvens.flatMap(({ functionName, utilisation, timeShare, used }) => {
    if (used === null) return []
    const of = timeShare < 1 ? ' of the month' : ''
    return [
      `${shortName(functionName)}: provisioned concurrency pays from ${percent(utilisation)} utilisation; it had ${percent(used)}${of}.`,
    ]
  })
}

interface CostRow {
  readonly label: string
  readonly run: string
  readonly month: string | null
  /** Whose interval over replications of the run's cost is shown. */
  readonly of: BillTotal | null
}

function rowsOf({ lines, costUsd, monthlyUsd, perMillionUsd }: Bill): CostRow[] {
  const rows: CostRow[] = [
    { label: 'total', run: costUsd.value, month: monthlyUsd?.value ?? null, of: costUsd },
  ]
  const own = lines.filter(({ scope }) => scope !== 'account')
  for (const { name, item, costUsd: run, monthlyUsd: month } of biggest(own)) {
    rows.push({ label: `${shortName(name)} ${item}`, run, month, of: null })
  }
  const changes = lines.filter(({ scope }) => scope === 'account')
  if (changes.length > 0) rows.push(changesRow(changes))
  if (perMillionUsd !== null) {
    const label = 'per million successes'
    rows.push({ label, run: perMillionUsd.value, month: null, of: perMillionUsd })
  }
  return rows
}

/** What tiers, free allowances and Savings Plans change. */
function changesRow(changes: readonly BillLine[]): CostRow {
  const total = (read: (line: BillLine) => string | null) =>
    String(changes.reduce((sum, line) => sum + Number(read(line) ?? 0), 0))
  return {
    label: 'tiers, free tier, Savings Plan',
    run: total(({ costUsd }) => costUsd),
    month: total(({ monthlyUsd }) => monthlyUsd),
    of: null,
  }
}

function biggest(lines: readonly BillLine[]): readonly BillLine[] {
  const size = ({ costUsd, monthlyUsd }: BillLine) => Number(monthlyUsd ?? costUsd)
  return [...lines].sort((one, other) => size(other) - size(one)).slice(0, LINES_SHOWN)
}

function interval({ ci95Low, ci95High }: BillTotal): string {
  return ci95Low === null || ci95High === null ? '' : `${money(ci95Low)} to ${money(ci95High)}`
}
