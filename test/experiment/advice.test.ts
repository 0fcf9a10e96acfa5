import { describe, expect, it } from 'vitest'
import { adviseOn, type Compared } from '../../src/experiment/advice.ts'

function contender(name: string, overrides: Partial<Compared> = {}): Compared {
  return {
    name,
    thresholds: [],
    costs: [10, 12],
    basis: 'run',
    durationUs: 60e6,
    presetInits: [],
    ...overrides,
  }
}

const PASSED = { verdict: 'passed' } as const
const FAILED = { verdict: 'failed' } as const
const UNDECIDED = { verdict: 'undecided' } as const

describe('advice', () => {
  it('takes the cheapest of those that pass every threshold, not the cheapest of all', () => {
    const advice = adviseOn([
      contender('cheap', { thresholds: [PASSED, FAILED], costs: [1, 2] }),
      contender('dear', { thresholds: [PASSED, PASSED], costs: [30, 32] }),
      contender('fair', { thresholds: [PASSED, PASSED], costs: [20, 22] }),
    ])
    expect(advice.meeting).toEqual(['dear', 'fair'])
    expect(advice.cheapest?.name).toBe('fair')
    expect(advice.cheapest?.next).toEqual({
      name: 'dear',
      excessUsd: 10,
      low: 10,
      high: 10,
      isDetectable: true,
    })
  })

  it('knows that a difference smaller than its own spread may be chance', () => {
    const { cheapest } = adviseOn([
      contender('one', { costs: [10, 20, 30] }),
      contender('other', { costs: [12, 17, 32] }),
    ])
    expect(cheapest?.next?.isDetectable).toBe(false)
  })

  it('names all that chance could have made the cheapest, and no dearer one', () => {
    const { cheapest } = adviseOn([
      contender('dear', { costs: [99, 98, 97] }),
      contender('one', { costs: [10, 20, 30] }),
      contender('same', { costs: [10, 20, 30] }),
      contender('other', { costs: [12, 17, 32] }),
    ])
    expect(cheapest).toMatchObject({ name: 'one', alike: ['same', 'other'] })
  })

  it('tells two scenarios apart by one replication never', () => {
    const { cheapest } = adviseOn([
      contender('one', { costs: [10] }),
      contender('other', { costs: [99] }),
    ])
    expect(cheapest?.next).toEqual({
      name: 'other',
      excessUsd: 89,
      low: null,
      high: null,
      isDetectable: false,
    })
    expect(cheapest?.alike).toEqual([])
  })

  it('recommends nothing while an init is that of an empty function', () => {
    const advice = adviseOn([
      contender('as-written', { presetInits: ['checkout'] }),
      contender('other', { presetInits: ['checkout'] }),
    ])
    expect(advice.cheapest).toBeNull()
    expect(advice.presetInits).toEqual(['checkout'])
  })

  it.each([
    ['no-price', { costs: null }, { costs: null }],
    ['some-without-price', {}, { costs: null }],
    ['run-and-month', {}, { basis: 'month' }],
    ['different-lengths', {}, { durationUs: 120e6 }],
  ] as const)('recommends nothing by costs that cannot be compared: %s', (reason, one, other) => {
    const advice = adviseOn([contender('one', one), contender('other', other)])
    expect(advice).toMatchObject({ cheapest: null, incomparable: reason })
  })

  it('compares the months of runs of different lengths', () => {
    const advice = adviseOn([
      contender('one', { basis: 'month' }),
      contender('other', { basis: 'month', durationUs: 120e6 }),
    ])
    expect(advice.cheapest?.name).toBe('one')
  })

  it('does not count an undecided threshold as passed, nor as failed', () => {
    const advice = adviseOn([
      contender('open', { thresholds: [UNDECIDED, PASSED] }),
      contender('failed', { thresholds: [UNDECIDED, FAILED] }),
    ])
    expect(advice.meeting).toEqual([])
    expect(advice.undecided).toEqual(['open'])
    expect(advice.cheapest).toBeNull()
  })

  it('has nobody meet thresholds where there are none', () => {
    expect(adviseOn([contender('one'), contender('other')]).meeting).toBeNull()
  })
})
