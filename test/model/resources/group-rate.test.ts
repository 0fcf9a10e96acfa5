import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../src/model/compute/token-bucket.ts'
import { GroupRate } from '../../../src/model/resources/queue/group-rate.ts'

describe('the rate of a message group', () => {
  it('is that of a token bucket of its own', () => {
    const calls = fc.array(
      fc.record({ waitUs: fc.nat(700_000), group: fc.nat(2), wants: fc.nat(9) }),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(calls, fc.constantFrom(3, 7, 300), (plan, callsPerSecond) => {
        const rate = new GroupRate(callsPerSecond)
        rate.grow(3)
        const buckets = [0, 1, 2].map(() => new TokenBucket(callsPerSecond))
        let nowUs = 0
        for (const { waitUs, group, wants } of plan) {
          nowUs += waitUs
          const bucket = buckets[group]!
          for (let want = 0; want < wants; want++) {
            const atUs = Math.max(nowUs, rate.callableAtUs(group))
            expect(atUs).toBe(bucket.hasTokensAtUs(nowUs, 1))
            if (atUs > nowUs) break
            rate.take(group, nowUs)
            bucket.take()
          }
          const isFull = bucket.tokens(nowUs) === bucket.capacityTokens
          expect(rate.isWorkedOff(group, nowUs)).toBe(isFull)
        }
      }),
    )
  })
})
