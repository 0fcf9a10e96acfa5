import { describe, expect, it } from 'vitest'
import { lambda, runExact } from '../../support/exact.ts'

async function requestsOnEight(share: string): Promise<number[]> {
  const view = await runExact({
    duration: '200s',
    drain: true,
    functions: {
      f: lambda({
        handler: { duration: '10ms' },
        aliases: { live: { functionVersion: '7', routingConfig: { 8: share } } },
      }),
    },
    traffic: { p: { to: 'f:live', process: 'constant', rate: '100/s' } },
  })
  const onEight = view.attempts.filter(({ version }) => version === '8')
  expect(view.attempts).toHaveLength(20_000)
  return onEight.map(({ request }) => request)
}

describe('an alias with weights', () => {
  it('routes as many requests to the second version as it says', async () => {
    for (const [text, share] of [
      ['0%', 0],
      ['10%', 0.1],
      ['100%', 1],
    ] as const) {
      // Six standard deviations of the binomial: none at 0 and 1.
      const margin = 6 * Math.sqrt(20_000 * share * (1 - share))
      const { length } = await requestsOnEight(text)
      expect(Math.abs(length - 20_000 * share)).toBeLessThanOrEqual(margin)
    }
  })

  it('moves no request that it need not move when the weight grows', async () => {
    // A request goes to the main version while its draw is below the main weight, so those that
    // went to the second version at 10 % still do so at 30 %.
    const few = new Set(await requestsOnEight('10%'))
    const more = new Set(await requestsOnEight('30%'))
    for (const request of few) expect(more.has(request)).toBe(true)
  })

  it('keeps environments of the two versions apart', async () => {
    const view = await runExact({
      functions: {
        f: lambda({
          handler: { duration: '1ms' },
          aliases: { live: { functionVersion: '7', routingConfig: { 8: '50%' } } },
        }),
      },
      traffic: { p: { to: 'f:live', process: 'constant', rate: '10/s' } },
    })
    // One request at a time: one environment each.
    expect(view.countAttempts(({ version, environment }) => `${version} ${environment}`)).toEqual({
      [`${view.attempts[0]!.version} 0`]: expect.any(Number),
      [`${view.attempts[0]!.version === '7' ? '8' : '7'} 1`]: expect.any(Number),
    })
    expect(view.value('f.ColdStarts.sum')).toBe(2)
  })
})
