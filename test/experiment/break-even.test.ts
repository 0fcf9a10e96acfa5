import { expect, it } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'

/** An hour in which one of two provisioned environments is busy half of the time. */
const scenario = (keys: object = {}) => ({
  name: 'quotes',
  duration: '1h',
  account: { region: 'us-east-1' },
  functions: {
    quote: {
      runtime: 'nodejs22.x',
      coldStart: 'none',
      provisionedConcurrentExecutions: 2,
      handler: { duration: '500ms' },
    },
  },
  traffic: { brokers: { to: 'quote', process: 'constant', rate: '1/s' } },
  ...keys,
})

it.each([
  [{}, 1, 0.25],
  [{ billing: { represents: 'day' } }, 1 / 24, 0.25 / 24],
  [{ billing: { represents: { times: '4 per month' } } }, 1, 0.25],
])(
  'provisioned environments are as busy as in all that the run stands for: %o',
  async (billing, timeShare, used) => {
    const { breakEvens } = await simulate(scenario(billing))
    expect(breakEvens).toEqual([
      { functionName: 'quote', utilisation: 0.6, timeShare, used: expect.closeTo(used, 4) },
    ])
  },
)

it('nothing was busy where there were none', async () => {
  const { breakEvens } = await simulate(scenario(), {
    set: ['functions.quote.provisionedConcurrentExecutions=0'],
  })
  expect(breakEvens).toMatchObject([{ functionName: 'quote', used: null }])
})
