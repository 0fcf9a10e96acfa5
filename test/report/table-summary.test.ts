/** What the summary says of DynamoDB tables. */
import { describe, expect, it } from 'vitest'
import type { SummaryRow } from '../../src/experiment/result.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { calmResult, figures, row } from './fixtures.ts'

function summaryOf(rows: readonly SummaryRow[]): string {
  const summary = [...figures('checkout', 'shoppers', 0), ...rows]
  return renderText(summaryBlocks(calmResult({ summary })), PLAIN, 80).replace(/\s+/g, ' ')
}

const counts = (name: string, values: Readonly<Record<string, number>>): readonly SummaryRow[] =>
  Object.entries(values).map(([metric, value]) => row('table', name, metric, 'sum', value))

const provisioned = (name: string) =>
  row('table', name, 'ProvisionedReadCapacityUnits', 'maximum', 5)

describe('the list of tables', () => {
  it('has the share of throttles, latencies and units', () => {
    const text = summaryOf([
      ...counts('votes', {
        Calls: 1_000,
        ThrottledRequests: 100,
        ConsumedReadCapacityUnits: 50.5,
        ConsumedWriteCapacityUnits: 700,
      }),
      row('table', 'votes', 'SuccessfulRequestLatency', 'p50', 4),
    ])
    expect(text).toContain('Tables requests throttled p50 p99 read units write units')
    expect(text).toMatch(/votes 1,000 10% \S+ - 50\.5 700 /)
  })

  it('leaves out what nobody asked', () => {
    expect(summaryOf(counts('votes', { Calls: 0 }))).not.toContain('Tables')
  })
})

describe('the verdict says what would have prevented', () => {
  it('that a partition had no more to give', () => {
    const text = summaryOf(
      counts('votes', {
        Calls: 1_000,
        ThrottledRequests: 100,
        WriteThrottleEvents: 100,
        WriteKeyRangeThroughputThrottleEvents: 90,
      }),
    )
    expect(text).toContain('✗ The table votes throttled 100 of 1,000 requests (10%)')
    expect(text).toContain('at most 1,000 write units a second')
    expect(text).toContain('write sharding')
    expect(text).not.toContain('Nothing was throttled')
  })

  it('that reads took more than was provisioned', () => {
    const text = summaryOf([
      ...counts('votes', { Calls: 10, ThrottledRequests: 5, ReadThrottleEvents: 5 }),
      provisioned('votes'),
    ])
    expect(text).toContain('a higher tables.votes.provisionedThroughput.readCapacityUnits')
  })

  it('that an on-demand table was not warm, the worse one first', () => {
    const text = summaryOf([
      ...counts('few', { Calls: 10, ThrottledRequests: 1, WriteThrottleEvents: 1 }),
      ...counts('many', { Calls: 10, ThrottledRequests: 5, WriteThrottleEvents: 5 }),
    ])
    expect(text).toContain('tables.many.warmThroughput.writeUnitsPerSecond ahead of the peak')
    expect(text.indexOf('table many')).toBeLessThan(text.indexOf('table few'))
  })
})
