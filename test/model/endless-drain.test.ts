/** Loops that nothing cuts: warned of before a run, and ended by maximumDrain. */
import { describe, expect, test } from 'vitest'
import { simulate } from '../../src/experiment/simulate.ts'
import { summaryBlocks } from '../../src/report/summary.ts'
import { compileText } from '../support/run.ts'

const plain = { runtime: 'nodejs22.x', handler: { duration: '1s' }, coldStart: 'none' }
const echo = (call: object) => ({ ...plain, handler: { duration: '1s', calls: [call] } })
const base = {
  name: 'endless',
  duration: '1m',
  account: { region: 'us-east-1' },
  traffic: { one: { to: 'echo', invocationType: 'Event', process: 'constant', rate: '1/min' } },
}

const itself = (call: object = {}) => echo({ function: 'echo', invocationType: 'Event', ...call })
const ALLOWED = { echo: { ...itself(), recursiveLoop: 'Allow' } }
const THROUGH_BUS = {
  functions: {
    echo: { ...echo({ bus: 'main' }), events: { all: { type: 'eventbridge', bus: 'main' } } },
  },
  buses: { main: {} },
}

async function warningsOf(parts: object): Promise<readonly string[]> {
  const { warnings } = await compileText({ ...base, ...parts })
  return warnings.filter((text) => text.includes('circle'))
}

describe('a circle that nothing cuts', () => {
  test('is warned of where loop detection is off, and where a bus hides the chain', async () => {
    expect(await warningsOf({ functions: ALLOWED })).toEqual([
      expect.stringContaining('functions.echo -> functions.echo: a circle that'),
    ])
    expect(await warningsOf(THROUGH_BUS)).toEqual([
      expect.stringMatching(/^(buses\.main|functions\.echo) -> .*: a circle that/),
    ])
  })

  test('is no matter where the detection cuts it or where it dies out', async () => {
    expect(await warningsOf({ functions: { echo: itself() } })).toEqual([])
    const dying = { ...itself({ probability: '50%' }), recursiveLoop: 'Allow' }
    expect(await warningsOf({ functions: { echo: dying } })).toEqual([])
  })
})

describe('a draining run', () => {
  const drain = { drain: true, maximumDrain: '10m' }

  test.each([
    ['with loop detection off', { functions: ALLOWED }],
    ['through a bus', THROUGH_BUS],
  ])('of a loop %s ends after maximumDrain, and says so', async (_name, parts) => {
    const result = await simulate({ ...base, ...parts, ...drain })
    expect(result).toMatchObject({ drainedAfterUs: null, undrainedAfterUs: 600_000_000 })
    const text = JSON.stringify(summaryBlocks(result))
    expect(text).toContain('Not drained: 10m after the traffic had ended, 1 were still waiting')
    expect(text).toContain('not drained after 10m')
  })

  test('that ends by itself is not given up', async () => {
    const result = await simulate({ ...base, functions: { echo: plain }, ...drain })
    expect(result.undrainedAfterUs).toBeNull()
    expect(result.drainedAfterUs).not.toBeNull()
  })

  test('goes on for 14 days when nothing else is said', async () => {
    const result = await simulate({ ...base, functions: ALLOWED, drain: true })
    expect(result.undrainedAfterUs).toBe(14 * 86_400_000_000)
  })
})
