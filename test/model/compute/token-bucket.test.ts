import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenBucket } from '../../../src/model/compute/token-bucket.ts'

const MILLION = 1_000_000n

describe('a token bucket', () => {
  it('holds one second of its rate, full at the start', () => {
    const bucket = new TokenBucket(50)
    expect([bucket.capacityTokens, bucket.tokens(0)]).toEqual([50, 50])
    for (let taken = 0; taken < 50; taken++) {
      expect(bucket.hasToken(0)).toBe(true)
      bucket.take()
    }
    expect(bucket.hasToken(0)).toBe(false)
  })

  it('has its next token at the very microsecond at which it is whole', () => {
    const bucket = new TokenBucket(7, 1)
    bucket.take()
    // A token every 1/7 s: the first whole one is there 142,858 us later.
    expect(bucket.hasToken(142_857)).toBe(false)
    expect(bucket.hasToken(142_858)).toBe(true)
  })

  it('says when it has its next tokens', () => {
    const bucket = new TokenBucket(7)
    bucket.takeSeveral(9)
    // 2 below nothing; 1/7 s each.
    expect(bucket.hasTokensAtUs(0, 0)).toBe(285_715)
    expect(bucket.hasTokensAtUs(285_715, 0)).toBe(285_715)
    expect(bucket.hasTokensAtUs(285_715, 1)).toBe(428_572)
    expect(bucket.hasToken(428_571)).toBe(false)
    expect(bucket.hasToken(428_572)).toBe(true)
  })

  it('agrees with exact integers, however often it is asked in between', () => {
    const steps = fc.array(fc.record({ waitUs: fc.nat(3_000_000), wants: fc.nat(3) }), {
      maxLength: 100,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 10_000 }), (plan, rate) => {
        const bucket = new TokenBucket(rate)
        // In millionths of a token.
        let level = BigInt(rate) * MILLION
        let nowUs = 0
        for (const { waitUs, wants } of plan) {
          nowUs += waitUs
          level += BigInt(waitUs) * BigInt(rate)
          if (level > BigInt(rate) * MILLION) level = BigInt(rate) * MILLION
          for (let want = 0; want < wants; want++) {
            expect(bucket.hasToken(nowUs)).toBe(level >= MILLION)
            if (level < MILLION) continue
            bucket.take()
            level -= MILLION
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('lets nothing accrue beyond its capacity', () => {
    const bucket = new TokenBucket(100, 1_000)
    bucket.take()
    expect(bucket.tokens(3_600_000_000)).toBe(1_000)
  })

  it('keeps what is in it when its rate changes, and what is added comes full', () => {
    const bucket = new TokenBucket(100)
    bucket.takeSeveral(70)
    bucket.setRate(0, 1_000)
    expect(bucket.tokens(0)).toBe(930)
    expect(bucket.tokens(50_000)).toBe(980)
    bucket.setRate(100_000, 20)
    expect([bucket.tokens(100_000), bucket.capacityTokens]).toEqual([20, 20])
  })

  it('is never refilled at a rate of 0', () => {
    const bucket = new TokenBucket(0)
    expect(bucket.hasToken(3_600_000_000)).toBe(false)
  })
})
