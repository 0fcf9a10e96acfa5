import { describe, expect, it } from 'vitest'
import type { Bill, RunResult } from '../../src/experiment/result.ts'
import { costCsv } from '../../src/report/csv.ts'
import { resultJson, runJson } from '../../src/report/json.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { money } from '../../src/report/phrase.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import { calmResult } from './fixtures.ts'

const single = (value: string) => ({ value, ci95Low: null, ci95High: null })

const line = (name: string, item: string, costUsd: string, monthlyUsd: string | null = null) => ({
  scope: name === 'account' ? ('account' as const) : ('function' as const),
  name,
  item,
  quantity: '1000',
  unit: 'request',
  unitPriceUsd: '0.0000166667',
  costUsd,
  monthlyUsd,
})

const BILL: Bill = {
  priceList: { region: 'us-east-1', date: '2026-11-23' },
  represents: null,
  lines: [
    line('checkout', 'lambda-requests', '0.2'),
    line('checkout', 'lambda-duration-x86_64', '1234.567'),
    line('mail', 'lambda-requests', '0.004'),
    line('mail', 'lambda-duration-x86_64', '0.0000123'),
  ],
  costUsd: single('1234.7710123'),
  monthlyUsd: null,
  otherwise: null,
  perMillionUsd: single('3.4567'),
}

const MONTHLY: Bill = {
  ...BILL,
  represents: 'day',
  lines: [
    line('checkout', 'lambda-requests', '0.2', '6.083333333333'),
    line('account', 'lambda-requests-free-tier', '-0.1', '-3.041666666667'),
    line('account', 'lambda-duration-x86_64-free-tier', '-0.005', '-0.152083333333'),
  ],
  costUsd: single('0.095'),
  monthlyUsd: single('2.889583333333'),
}

function costOf(result: Partial<RunResult>): string {
  const text = renderText(summaryBlocks(calmResult(result)), PLAIN, 80)
  return text.slice(text.indexOf('\nCost')).split('\n\n')[0]!
}

describe('the cost in the summary', () => {
  it('is the sum, the three biggest lines and what a million successes cost', () => {
    expect(costOf({ bill: BILL })).toMatchInlineSnapshot(`
      "
      Cost                                     run
        total                            $1,234.77
        checkout lambda-duration-x86_64  $1,234.57
        checkout lambda-requests             $0.20
        mail lambda-requests                $0.004
        per million successes                $3.46"
    `)
  })

  it('has the month beside the run, and all that belongs to the account in one line', () => {
    expect(costOf({ bill: MONTHLY })).toMatchInlineSnapshot(`
      "
      Cost                                 run   month
        total                            $0.10   $2.89
        checkout lambda-requests         $0.20   $6.08
        tiers, free tier, Savings Plan  -$0.11  -$3.19
        per million successes            $3.46"
    `)
  })

  it('says what of the month is for which scenario', () => {
    const otherwise = { file: 'usual.yaml', runsUsd: '0.38', restUsd: '2.51' }
    const bill = { ...MONTHLY, represents: '4 times per month', otherwise }
    expect(costOf({ bill }).replace(/\s+/g, ' ')).toContain(
      'Of the month, $0.38 is for this run, 4 times per month, and $2.51 for usual.yaml in the rest of it.',
    )
    const { bill: facts } = JSON.parse(runJson(calmResult({ bill }))) as { bill: object }
    expect(facts).toMatchObject({ otherwise })
  })

  it('has the interval over replications', () => {
    const costUsd = { value: '0.095', ci95Low: '0.09', ci95High: '0.1' }
    expect(costOf({ bill: { ...BILL, costUsd } })).toMatchInlineSnapshot(`
      "
      Cost                                     run    95% interval
        total                                $0.10  $0.09 to $0.10
        checkout lambda-duration-x86_64  $1,234.57
        checkout lambda-requests             $0.20
        mail lambda-requests                $0.004
        per million successes                $3.46"
    `)
  })

  it('says from where on provisioned concurrency pays', () => {
    const breakEven = { functionName: 'checkout', utilisation: 0.6 }
    const told = (timeShare: number, used: number | null) =>
      costOf({ bill: BILL, breakEvens: [{ ...breakEven, timeShare, used }] }).replace(/\s+/g, ' ')
    const text = 'checkout: provisioned concurrency pays from 60% utilisation; it had'
    expect(told(1, 0.132)).toContain(`${text} 13.2%.`)
    expect(told(0.5, 0.066)).toContain(`${text} 6.6% of the month.`)
    expect(told(1, null)).not.toContain('utilisation')
  })

  it('is missing with its reason', () => {
    const unbilled = 'there is no price list for eu-west-1 (there is one for us-east-1)'
    const text = renderText(summaryBlocks(calmResult({ unbilled })), PLAIN, 100)
    expect(text).toContain(`No bill: ${unbilled}.`)
  })
})

describe('money', () => {
  it.each([
    ['1683.9', '$1,683.90'],
    ['0', '$0.00'],
    ['-6.66668', '-$6.67'],
    ['0.00999', '$0.01'],
    ['0.0000123456', '$0.000012'],
    ['1234567.005', '$1,234,567.00'],
  ])('%s is %s', (usd, shown) => {
    expect(money(usd)).toBe(shown)
  })
})

describe('cost.csv', () => {
  it('has every line, and leaves the month empty where there is none', () => {
    expect(costCsv({ ...BILL, lines: BILL.lines.slice(0, 1) })).toBe(
      'scope,name,item,quantity,unit,unit_price_usd,cost_usd,monthly_usd\n' +
        'function,checkout,lambda-requests,1000,request,0.0000166667,0.2,\n',
    )
    expect(costCsv({ ...MONTHLY, lines: MONTHLY.lines.slice(1, 2) })).toContain(
      'account,account,lambda-requests-free-tier,1000,request,0.0000166667,-0.1,-3.041666666667\n',
    )
  })
})

describe('JSON', () => {
  it('names the price list and has money as text, with all its digits', () => {
    const { bill } = JSON.parse(runJson(calmResult({ bill: BILL }))) as { bill: object }
    expect(bill).toEqual({
      priceList: { region: 'us-east-1', date: '2026-11-23' },
      represents: null,
      costUsd: single('1234.7710123'),
      monthlyUsd: null,
      perMillionUsd: single('3.4567'),
    })
  })

  it('has the lines beside the summary on standard output', () => {
    const { cost } = JSON.parse(resultJson(calmResult({ bill: BILL }))) as { cost: unknown }
    expect(cost).toEqual(BILL.lines)
  })

  it('says why there is no bill', () => {
    const { bill } = JSON.parse(runJson(calmResult({ unbilled: 'no prices' }))) as { bill: object }
    expect(bill).toEqual({ priceList: null, reason: 'no prices' })
  })
})
