import type { Statistic } from '../../model/metrics/catalogue-entry.ts'
import type { Block, Column, Row } from '../document.ts'
import { count, milliseconds, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'

const ROWS_SHOWN = 6
const LONGEST_NAME = 14
const NONE = '-'

/** One row per function: how much, how cold, how long, what went wrong, how high. */
export function functionBlocks(index: ResultIndex): Block[] {
  const rows = index.names('function').map((name): Row => {
    const value = (metric: string, statistic: Statistic) =>
      index.value('function', name, metric, statistic)
    const throttles = value('Throttles', 'sum') ?? 0
    return {
      tone: throttles > 0 ? 'bad' : 'plain',
      cells: [
        shortName(name),
        shown(value('Invocations', 'sum'), count),
        shown(value('ColdStarts', 'share'), percent),
        shown(value('Duration', 'p50'), milliseconds),
        shown(value('Duration', 'p95'), milliseconds),
        shown(value('Duration', 'p99'), milliseconds),
        shown(throttles, count),
        shown(value('Errors', 'sum'), count),
        shown(value('ConcurrentExecutions', 'maximum'), count),
      ],
    }
  })
  const titles = ['function', 'invoked', 'cold', 'p50', 'p95', 'p99', 'throttles', 'errors']
  return table('Functions', [...titles, 'peak'], rows)
}

/** One row per caller: what it got. Latencies are those of requests that succeeded. */
export function callerBlocks(index: ResultIndex): Block[] {
  const rows = index.names('traffic').map((name): Row => {
    const value = (metric: string, statistic: Statistic) =>
      index.value('traffic', name, metric, statistic)
    return {
      tone: (value('Failed', 'sum') ?? 0) > 0 ? 'bad' : 'plain',
      cells: [
        shortName(name),
        shown(value('Requests', 'sum'), count),
        shown(value('SuccessRate', 'share'), percent),
        shown(value('ClientLatency', 'p50'), milliseconds),
        shown(value('ClientLatency', 'p95'), milliseconds),
        shown(value('ClientLatency', 'p99'), milliseconds),
        shown(value('ThrottledRequests', 'share'), percent),
      ],
    }
  })
  return table('Callers', ['caller', 'requests', 'success', 'p50', 'p95', 'p99', 'throttled'], rows)
}

/** Rows past the first few are in summary.csv. */
export function table(title: string, titles: readonly string[], rows: readonly Row[]): Block[] {
  if (rows.length === 0) return []
  const columns = titles.map(
    (name, position): Column => ({ title: name, align: position === 0 ? 'left' : 'right' }),
  )
  const blocks: Block[] = [
    { kind: 'table', title, columns, rows: rows.slice(0, ROWS_SHOWN), hasHead: true },
  ]
  if (rows.length > ROWS_SHOWN) {
    const text = `  and ${rows.length - ROWS_SHOWN} more in summary.csv`
    blocks.push({ kind: 'text', tone: 'quiet', text })
  }
  return blocks
}

/** Names may have 64 characters; the table must stay within 80 columns. */
export function shortName(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 1)}…`
}

export function shown(value: number | undefined, phrase: (value: number) => string): string {
  return value === undefined ? NONE : phrase(value)
}
