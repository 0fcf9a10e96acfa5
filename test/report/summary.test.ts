import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/experiment/result.ts'
import { THROTTLE_CAUSES } from '../../src/model/compute/throttle-cause.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { PLAIN } from '../../src/report/paint.ts'
import { THROTTLE_EXPLANATIONS } from '../../src/report/summary/throttle-causes.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { renderText } from '../../src/report/text.ts'
import {
  calmResult,
  figures,
  LATENCY_PASSED,
  row,
  SCALING_THROTTLE,
  throttledResult,
} from './fixtures.ts'

function summaryOf(result: RunResult): string {
  return renderText(summaryBlocks(result), PLAIN, 80)
}

describe('the summary', () => {
  test('says first what throttled, when, why and what would have prevented it', () => {
    expect(summaryOf(throttledResult())).toMatchInlineSnapshot(`
      "✗ checkout throttled 12,431 of 402,118 attempts (3.1%), from 10m42s to 13m5s.
        12,431 by scaling rate, most in the 1m from 11m (8,120).
        AWS gives the reason FunctionInvocationRateLimitExceeded.
        It would have taken functions.checkout.provisionedConcurrentExecutions ready
        before the peak, or traffic that grows more slowly: 1,000 new environments per
        10 s is a fixed quota.

      Thresholds
        ✓ passed  shoppers.ClientLatency.p99 < 500ms  412ms, 87.8ms to spare
        ✗ failed  checkout.Throttles.share < 0.1%     3.1%, 3 points too much

      Functions   invoked  cold     p50    p95    p99  throttles  errors  peak
        checkout  389,687  1.2%  40.5ms  126ms  201ms     12,431       0   812

      Callers     requests  success   p50    p95    p99  throttled
        shoppers   402,118    96.9%  41ms  241ms  412ms       3.1%

      Headroom
        checkout scaling rate           1,000 of 1,000  ████████████████████   reached
        account unreserved concurrency    812 of 1,000  ████████████████░░░░  188 left

      Assumptions that took part
        measured  Idle environments are retired after 5m to 7m (uniform).
        assumed   Placement is lognormal, median 100ms, p99 400ms.

      Warnings
        !  checkout: init is an empty function's; real ones commonly take 3 to 20
           times that

      flash-sale: 30m, seed 7, 1,203,456 events, fingerprint 0123456789abcdef
      "
    `)
  })

  test('of a run without throttles says so and what the callers got', () => {
    expect(summaryOf(calmResult())).toMatchInlineSnapshot(`
      "✓ Nothing was throttled. shoppers made 389,687 requests, 100% succeeded.

      Thresholds
        ✓ passed  shoppers.ClientLatency.p99 < 500ms  412ms, 87.8ms to spare

      Functions   invoked  cold     p50    p95    p99  throttles  errors  peak
        checkout  389,687  1.2%  40.5ms  126ms  201ms          0       0   812

      Callers     requests  success   p50    p95    p99  throttled
        shoppers   389,687     100%  41ms  241ms  412ms         0%

      Headroom
        account unreserved concurrency  812 of 1,000  ████████████████░░░░  188 left

      Assumptions that took part
        measured  Idle environments are retired after 5m to 7m (uniform).
        assumed   Placement is lognormal, median 100ms, p99 400ms.

      flash-sale: 30m, seed 7, 1,203,456 events, fingerprint 0123456789abcdef
      "
    `)
  })

  test('as Markdown has the same parts', () => {
    expect(renderMarkdown(summaryBlocks(throttledResult()))).toMatchInlineSnapshot(`
      "**✗ checkout throttled 12,431 of 402,118 attempts (3.1%), from 10m42s to 13m5s.**
      - 12,431 by scaling rate, most in the 1m from 11m (8,120).
      - AWS gives the reason FunctionInvocationRateLimitExceeded.
      - It would have taken functions.checkout.provisionedConcurrentExecutions ready before the peak, or traffic that grows more slowly: 1,000 new environments per 10 s is a fixed quota.

      ### Thresholds

      | verdict | threshold | measured |
      | --- | --- | --- |
      | ✓ passed | shoppers.ClientLatency.p99 \\< 500ms | 412ms, 87.8ms to spare |
      | ✗ failed | checkout.Throttles.share \\< 0.1% | 3.1%, 3 points too much |

      ### Functions

      | function | invoked | cold | p50 | p95 | p99 | throttles | errors | peak |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | checkout | 389,687 | 1.2% | 40.5ms | 126ms | 201ms | 12,431 | 0 | 812 |

      ### Callers

      | caller | requests | success | p50 | p95 | p99 | throttled |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: |
      | shoppers | 402,118 | 96.9% | 41ms | 241ms | 412ms | 3.1% |

      ### Headroom

      | limit | highest use |  |  |
      | --- | ---: | --- | ---: |
      | checkout scaling rate | 1,000 of 1,000 | ████████████████████ | reached |
      | account unreserved concurrency | 812 of 1,000 | ████████████████░░░░ | 188 left |

      ### Assumptions that took part

      - *measured*: Idle environments are retired after 5m to 7m (uniform).
      - *assumed*: Placement is lognormal, median 100ms, p99 400ms.

      ### Warnings

      - *!*: checkout: init is an empty function's; real ones commonly take 3 to 20 times that

      flash-sale: 30m, seed 7, 1,203,456 events, fingerprint 0123456789abcdef
      "
    `)
  })

  test('of an interrupted run begins with that', () => {
    const result = throttledResult({ status: 'interrupted', simulatedUs: 750_000_000 })
    expect(summaryOf(result)).toMatch(
      /^≈ Interrupted at 12m30s of 30m: these are the figures until then\.\n✗ checkout throttled/,
    )
  })

  test('says when throttles were in the warm-up only', () => {
    const result = throttledResult({
      warmUpUs: 900_000_000,
      summary: figures('checkout', 'shoppers', 0),
    })
    expect(summaryOf(result)).toMatch(/^✗ checkout throttled during the warm-up only, from 10m42s/)
  })

  test('says what spilled over from provisioned concurrency', () => {
    const spillover = [
      row('alias', 'checkout:live', 'ProvisionedConcurrencyInvocations', 'sum', 29_504),
      row('alias', 'checkout:live', 'ProvisionedConcurrencySpilloverInvocations', 'sum', 18_360),
    ]
    const summary = [...figures('checkout', 'shoppers', 0), ...spillover]
    expect(summaryOf(calmResult({ summary }))).toContain(
      '≈ checkout:live spilled 18,360 invocations over to on-demand concurrency; its\n' +
        '  provisioned concurrency served 29,504.\n',
    )
  })

  test('says which provisioned concurrency no request used', () => {
    const unused = {
      limit: 'provisioned concurrency',
      scope: 'alias',
      name: 'checkout:live',
    } as const
    const result = calmResult({
      summary: [
        ...figures('checkout', 'shoppers', 0),
        row('alias', 'checkout:live', 'ProvisionedConcurrencyInvocations', 'sum', 0),
      ],
    })
    const withHeadroom = (available: number) =>
      summaryOf({ ...result, headroom: [{ ...unused, used: 0, available }] })
    const sentence = '≈ checkout:live has a provisioned concurrency of 300 that no request used.\n'
    expect(withHeadroom(300)).toContain(sentence)
    expect(withHeadroom(0)).not.toContain('that no request used')
  })

  test('tells whole-run counts from those after the warm-up', () => {
    expect(summaryOf(throttledResult({ warmUpUs: 60_000_000 }))).toContain(
      '12,431 by scaling rate in the whole run, most in the 1m from 11m (8,120).',
    )
  })

  test('names failing functions', () => {
    const summary = figures('checkout', 'shoppers', 0).map((row) =>
      row.metric === 'Errors' ? { ...row, value: row.statistic === 'sum' ? 779 : 0.002 } : row,
    )
    expect(summaryOf(calmResult({ summary }))).toContain(
      '✗ checkout failed 779 invocations (0.2%).',
    )
  })

  test('tells an undecided threshold by its mark, its word and its reason', () => {
    const undecided = {
      ...LATENCY_PASSED,
      verdict: 'undecided' as const,
      ci95Low: 380,
      ci95High: 520.5,
      note: 'the limit lies inside the 95% interval; more replications would decide',
    }
    expect(summaryOf(calmResult({ thresholds: [undecided] }))).toMatch(
      /≈ undecided {2}shoppers\.ClientLatency\.p99 < 500ms {2}412ms \(380ms to 521ms\)/,
    )
  })

  test('fits 40 lines of 80 columns for three functions that all throttle', () => {
    const names = ['checkout', 'a-function-with-a-name-of-forty-characters', 'search']
    const result = throttledResult({
      summary: names.flatMap((name) => figures(name, `${name}-callers`, 12_431)),
      throttles: names.map((functionName) => ({ ...SCALING_THROTTLE, functionName })),
    })
    const lines = summaryOf(result).trimEnd().split('\n')
    const longWords = /functions\.a-function-with-a-name-of-forty-characters/
    expect(lines.filter((line) => line.length > 80 && !longWords.test(line))).toEqual([])
    expect(lines.length).toBeLessThanOrEqual(40)
  })

  test('of many functions shows the first and says how many there are', () => {
    const names = Array.from({ length: 20 }, (_, index) => `function-${index}`)
    const summary = names.flatMap((name) => figures(name, `${name}-callers`, 0))
    const text = summaryOf(calmResult({ summary }))
    expect(text).toContain('and 14 more in summary.csv')
    expect(text).not.toContain('function-6 ')
  })

  test('has words for every cause that the model can give', () => {
    const causes = THROTTLE_CAUSES.map((cause) => cause.id).filter((id) => id !== 'none')
    expect(Object.keys(THROTTLE_EXPLANATIONS).sort()).toEqual(causes.sort())
  })
})
