/** What the summary says of downstreams. */
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
  Object.entries(values).map(([metric, value]) => row('downstream', name, metric, 'sum', value))

describe('the table of downstreams', () => {
  it('has shares of calls, latencies and the peak of connections or of calls in service', () => {
    const text = summaryOf([
      ...counts('db', { Calls: 1000, CallFailures: 10, CallRefusals: 200, CallTimeouts: 50 }),
      row('downstream', 'db', 'CallLatency', 'p50', 80),
      row('downstream', 'db', 'CallLatency', 'p99', 300),
      row('downstream', 'db', 'CallsInService', 'maximum', 30),
      row('downstream', 'db', 'DatabaseConnections', 'maximum', 77),
    ])
    expect(text).toContain('Downstreams calls failed refused timed out p50 p99 peak')
    expect(text).toMatch(/db 1,000 1% 20% 5% \S+ \S+ 77 /)
  })

  it('is not there where nothing is called', () => {
    expect(summaryOf([])).not.toContain('Downstreams')
  })
})

describe('the verdict says what would have prevented', () => {
  it('that no connection was left', () => {
    const text = summaryOf([
      ...counts('db', { Calls: 1000, CallRefusals: 240 }),
      row('downstream', 'db', 'DatabaseConnections', 'maximum', 200),
    ])
    expect(text).toContain('✗ db refused 240 of 1,000 calls (24%): no connection was left.')
    expect(text).toContain(
      "a higher downstreams.db.maxConnections, connection: proxy, or its callers' reservedConcurrentExecutions as a bulkhead.",
    )
    expect(text).not.toContain('Nothing was throttled')
  })

  it('that a queue was full, or a rate exceeded', () => {
    const text = summaryOf([
      ...counts('work', { Calls: 100, CallRefusals: 5 }),
      ...counts('api', { Calls: 100, CallThrottles: 50 }),
    ])
    expect(text).toContain('✗ work refused 5 of 100 calls (5%): its queue was full.')
    expect(text).toContain('more downstreams.work.servers, a longer queueCapacity')
    expect(text).toContain('✗ api answered 429 to 50 of 100 calls (50%)')
    // The worse of the two comes first.
    expect(text.indexOf('✗ api')).toBeLessThan(text.indexOf('✗ work'))
  })

  it('that calls waited too long for a connection of the proxy', () => {
    const text = summaryOf(counts('db', { Calls: 100, CallFailures: 7, BorrowTimeouts: 7 }))
    expect(text).toContain('db failed 7 of 100 calls (7%) that waited too long for a connection')
  })

  it('that calls waited in line, when they did so longer than they were worked on', () => {
    const waiting = (p99: number) =>
      summaryOf([
        ...counts('db', { Calls: 100 }),
        row('downstream', 'db', 'QueueTime', 'p99', p99),
        row('downstream', 'db', 'ServiceTime', 'p50', 50),
      ])
    expect(waiting(51)).toContain('≈ Calls of db waited in line')
    expect(waiting(51)).toContain('more downstreams.db.servers')
    expect(waiting(50)).not.toContain('waited in line')
  })

  it('nothing of a cache, which passes on what is behind it', () => {
    const text = summaryOf(counts('cache', { Calls: 100, CallRefusals: 50, CacheMisses: 60 }))
    expect(text).not.toContain('cache refused')
  })
})
