/** What the summary says of callers that give up and try again. */
import { describe, expect, test } from 'vitest'
import { simulate } from '../../src/index.ts'
import { summaryBlocks } from '../../src/report/summary.ts'

async function told(client: object, settings: object, rate = '10/s'): Promise<string> {
  const result = await simulate({
    name: 'callers',
    duration: '10s',
    drain: true,
    account: { region: 'us-east-1' },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '30s',
        handler: { duration: '2s' },
        coldStart: 'none',
        ...settings,
      },
    },
    traffic: { web: { to: 'f', process: 'constant', rate, client } },
  })
  return JSON.stringify(summaryBlocks(result))
}

const NAIVE = { mode: 'exponential', jitter: 'none', baseDelay: '1s' }

describe('the summary of callers that retry', () => {
  test('says how much they amplify, and how many throttled requests that saved', async () => {
    // One at work for 2 s; of ten requests a second few find it free, at once or later.
    const text = await told({ retry: NAIVE }, { reservedConcurrentExecutions: 1 }, '1/s')
    expect(text).toMatch(/web made \d+ retries: 2\.\d\d attempts for each request\./)
    expect(text).toMatch(/Of \d+ throttled requests \d+ \(\d+(\.\d)?%\) succeeded after all\./)
    expect(text).not.toContain('quota')
  })

  test('says which retries the quota forbade', async () => {
    const settings = { reservedConcurrentExecutions: 0 }
    const text = await told({ retry: { mode: 'standard' } }, settings, '100/s')
    expect(text).toContain('web made 100 retries: 1.10 attempts for each request.')
    expect(text).toMatch(/\d+ retries were not made because the retry quota was used up/)
  })

  test('says who gave up, and that the code ran more than once', async () => {
    const text = await told({ timeout: '1s', retry: { ...NAIVE, maxAttempts: 2 } }, {}, '1/s')
    expect(text).toContain(
      'web gave up on 20 attempts (100%) at the timeout of the client; the work ran on and was billed.',
    )
    expect(text).toContain('The code ran more than once for 10 requests.')
  })

  test('says what guards kept from the function', async () => {
    const text = await told({ loadShedding: { maximumInFlight: 2 } }, {}, '10/s')
    expect(text).toMatch(
      /\d+ requests of web were turned away by their client: too many were under way\./,
    )
  })

  test('says nothing of retries where there was no need for any', async () => {
    const text = await told({ retry: { mode: 'standard' } }, {}, '1/s')
    expect(text).not.toContain('attempts for each request')
    expect(text).not.toContain('Callers do not retry')
  })
})
