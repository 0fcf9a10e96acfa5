/** What the summary says of NAT gateways and VPCs. */
import { describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/experiment/result.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { calmResult, figures, row } from './fixtures.ts'

function summaryOf(
  counts: Readonly<Record<string, number>>,
  more: Partial<RunResult> = {},
): string {
  const rows = Object.entries(counts).map(([metric, value]) =>
    row('network', 'out', metric, 'sum', value),
  )
  const summary = [...figures('checkout', 'shoppers', 0), ...rows]
  return renderText(summaryBlocks(calmResult({ summary, ...more })), PLAIN, 80).replace(/\s+/g, ' ')
}

describe('the verdict', () => {
  it('says to which destinations there was no port, and what would have helped', () => {
    const ports = { scope: 'network', name: 'out' } as const
    const text = summaryOf(
      { ConnectionAttemptCount: 400, ErrorPortAllocation: 100 },
      {
        headroom: [
          { ...ports, limit: 'ports to payments', used: 55_000, available: 55_000 },
          { ...ports, limit: 'ports to mail', used: 7, available: 55_000 },
        ],
      },
    )
    expect(text).toContain(
      '✗ out had no port left for 100 of 400 connections (25%), to payments (55,000 ports).',
    )
    expect(text).toContain('more natGateways.out.addresses (up to 8)')
    expect(text).not.toContain('Nothing was throttled')
  })

  it('says that network interfaces could not be made', () => {
    const text = summaryOf({ NetworkInterfaceErrors: 12 })
    expect(text).toContain(
      '✗ A network interface was needed in out 12 times and could not be made.',
    )
  })

  it('is silent where nothing ran out', () => {
    const text = summaryOf({ ConnectionAttemptCount: 400, ErrorPortAllocation: 0 })
    expect(text).toContain('✓ Nothing was throttled')
    expect(text).not.toContain('no port')
  })
})
