/** What the summary says of front doors. */
import { describe, expect, it } from 'vitest'
import type { Headroom, SummaryRow } from '../../src/experiment/result.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { calmResult, figures, row } from './fixtures.ts'

function summaryOf(rows: readonly SummaryRow[], headroom: readonly Headroom[] = []): string {
  const summary = [...figures('checkout', 'shoppers', 0), ...rows]
  const result = calmResult({ summary, headroom })
  return renderText(summaryBlocks(result), PLAIN, 80).replace(/\s+/g, ' ')
}

const counts = (name: string, values: Readonly<Record<string, number>>): readonly SummaryRow[] =>
  Object.entries(values).map(([metric, value]) => row('api', name, metric, 'sum', value))

describe('the table of front doors', () => {
  it('has requests, errors, and latencies of the api and of its integrations', () => {
    const text = summaryOf([
      ...counts('shop', { Count: 1_000, '4xx': 25, '5xx': 5 }),
      ...(['Latency', 'IntegrationLatency'] as const).flatMap((metric, place) => [
        row('api', 'shop', metric, 'p50', 20 - place),
        row('api', 'shop', metric, 'p99', 90 - place),
      ]),
    ])
    expect(text).toContain('Front doors requests 4XX 5XX p50 p99 integration its p99')
    expect(text).toContain('shop 1,000 25 5 20ms 90ms 19ms 89ms')
  })

  it('calls those of other kinds the same', () => {
    const text = summaryOf([
      ...counts('lb', { RequestCount: 900, HTTPCode_ELB_4XX_Count: 1, HTTPCode_ELB_5XX_Count: 2 }),
      ...counts('url', { UrlRequestCount: 800, Url4xxCount: 3, Url5xxCount: 4 }),
      ...counts('chat', {
        MessageCount: 600,
        ConnectCount: 100,
        ClientError: 5,
        ExecutionError: 6,
      }),
    ])
    expect(text).toContain('lb 900 1 2 - - - -')
    expect(text).toContain('url 800 3 4 - - - -')
    expect(text).toContain('chat 700 5 6 - - - -')
  })

  it('is not there without front doors', () => {
    expect(summaryOf([])).not.toContain('Front doors')
  })
})

describe('the verdict', () => {
  it('tells which errors a front door answered with', () => {
    const text = summaryOf(counts('shop', { Count: 1_000, '4xx': 25, '5xx': 0 }))
    expect(text).toContain('✗ shop answered with errors: 4xx 25 (2.5%).')
    expect(summaryOf(counts('shop', { Count: 1_000, '4xx': 0 }))).not.toContain('errors:')
  })

  it('tells which limit refused, when, and what would have prevented it', () => {
    const refusals = { count: 25, firstUs: 30e6, lastUs: 33e6, setting: 'apis.shop.throttle' }
    const stage = { scope: 'api', name: 'shop', limit: 'stage', used: 5, available: 5 } as const
    const text = summaryOf(counts('shop', { Count: 1_000, '4xx': 25 }), [{ ...stage, refusals }])
    expect(text).toContain('The limit "stage" of shop refused 25 requests, from 30s to 33s.')
    expect(text).toContain('It would have taken a higher apis.shop.throttle,')
    expect(summaryOf([], [stage])).not.toContain('refused')
  })
})
