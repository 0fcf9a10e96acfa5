/**
 * Several replications become one result. Replications are folded in their order, so that how
 * they were executed cannot show.
 *
 * A summary value is the mean over the replications that have it, with its 95% Student-t interval.
 * Ledger counts are sums: the ledger of all replications together balances as each of them does.
 * Throttle counts are means; their first and last times and their worst period are extremes.
 * Headroom is that of the replication that came closest to the limit; what limits refused is
 * counted as throttles are.
 */

import type { MetricValue } from '../model/metrics/recorder.ts'
import { studentInterval } from '../stats/confidence.ts'
import type { ReplicationOutput } from './replication.ts'
import {
  type Headroom,
  type LedgerRow,
  type SummaryRow,
  summaryKey,
  type ThrottleRecord,
} from './result.ts'

export function mergeSummaries(outputs: readonly ReplicationOutput[]): SummaryRow[] {
  const samples = foldInOrder(
    outputs.map((output) => output.summary),
    summaryKey,
  )
  return samples.map((rows) => ({ ...rows[0]!, ...meanWithInterval(rows) }))
}

function meanWithInterval(
  rows: readonly MetricValue[],
): Pick<SummaryRow, 'value' | 'ci95Low' | 'ci95High'> {
  if (rows.length === 1) return { value: rows[0]!.value, ci95Low: null, ci95High: null }
  const interval = studentInterval(rows.map((row) => row.value))
  return { value: interval.mean, ci95Low: interval.low, ci95High: interval.high }
}

export function mergeLedgers(outputs: readonly ReplicationOutput[]): LedgerRow[] {
  const rows = foldInOrder(
    outputs.map((output) => output.ledger),
    (row) => `${row.scope} ${row.name} ${row.outcome}`,
  )
  return rows.map((same) => ({
    ...same[0]!,
    count: same.reduce((sum, row) => sum + row.count, 0),
  }))
}

export function mergeThrottles(outputs: readonly ReplicationOutput[]): ThrottleRecord[] {
  const records = foldInOrder(
    outputs.map((output) => output.throttles),
    (record) => `${record.functionName} ${record.cause}`,
  )
  return records.map((same) => {
    const worst = same.reduce((a, b) => (b.peakPeriodCount > a.peakPeriodCount ? b : a))
    return {
      ...worst,
      count: same.reduce((sum, record) => sum + record.count, 0) / outputs.length,
      retriedCount: same.reduce((sum, record) => sum + record.retriedCount, 0) / outputs.length,
      firstUs: Math.min(...same.map((record) => record.firstUs)),
      lastUs: Math.max(...same.map((record) => record.lastUs)),
    }
  })
}

export function mergeHeadroom(outputs: readonly ReplicationOutput[]): Headroom[] {
  const entries = foldInOrder(
    outputs.map((output) => output.headroom),
    (entry) => `${entry.scope} ${entry.name} ${entry.limit}`,
  )
  const share = (entry: Headroom) => (entry.available > 0 ? entry.used / entry.available : 1)
  return entries.map((same) => {
    const closest = same.reduce((a, b) => (share(b) > share(a) ? b : a))
    const refusals = same.flatMap((entry) => entry.refusals ?? [])
    const [first] = refusals
    if (first === undefined) return closest
    return {
      ...closest,
      refusals: {
        count: refusals.reduce((sum, { count }) => sum + count, 0) / outputs.length,
        firstUs: Math.min(...refusals.map(({ firstUs }) => firstUs)),
        lastUs: Math.max(...refusals.map(({ lastUs }) => lastUs)),
        setting: first.setting,
      },
    }
  })
}

/**
 * Groups equal rows of several lists. A row that earlier lists lack goes behind the row that
 * precedes it in its own list, so that lists of one order merge into that order.
 */
export function foldInOrder<Row>(
  lists: readonly (readonly Row[])[],
  keyOf: (row: Row) => string,
): Row[][] {
  const groups = new Map<string, Row[]>()
  const order: string[] = []
  for (const list of lists) {
    let previous = -1
    for (const row of list) {
      const key = keyOf(row)
      const group = groups.get(key)
      if (group !== undefined) {
        group.push(row)
        previous = Math.max(previous, order.indexOf(key, Math.max(0, previous)))
      } else {
        groups.set(key, [row])
        order.splice(previous + 1, 0, key)
        previous++
      }
    }
  }
  return order.map((key) => groups.get(key)!)
}
