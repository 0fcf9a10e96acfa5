/** A service of somebody else that answers 429 to what comes faster than it allows. */
import { z } from 'zod'
import { TokenBucket } from '../compute/token-bucket.ts'
import { rate, wholeNumber } from '../units.ts'
import type { World } from '../world.ts'
import { CALL_THROTTLED } from './calls.ts'
import type { DownstreamEntry } from './downstream.ts'
import { errorRateKey, type ServiceConfig, serviceKey } from './keys.ts'
import { ServedDownstream } from './served.ts'

const schema = z.strictObject({
  type: z.literal('rate-limited'),
  service: serviceKey,
  rate: rate
    .refine((perSecond) => perSecond > 0, { error: 'a rate limit is above 0' })
    .meta({ description: 'How many calls it takes in the long run: 100/s.' }),
  burst: wholeNumber('burst', 1, 100_000_000).optional().meta({
    description:
      'How many it takes at once when it has had a rest (a token bucket, full at first).',
    defaultText: 'what one second of the rate allows, at least 1',
  }),
  errorRate: errorRateKey,
})

interface RateLimitedConfig extends ServiceConfig {
  readonly rate: number
  readonly burst?: number | undefined
}

class RateLimited extends ServedDownstream {
  private readonly bucket: TokenBucket

  constructor(name: string, config: RateLimitedConfig, world: World) {
    super(name, config, world)
    this.bucket = new TokenBucket(config.rate, config.burst ?? Math.max(1, config.rate))
  }

  protected override enter(call: number): void {
    if (this.bucket.hasToken(this.world.simulator.nowUs)) {
      this.bucket.take()
      super.enter(call)
    } else this.answerSoon(call, CALL_THROTTLED)
  }
}

export const rateLimited: DownstreamEntry<RateLimitedConfig> = {
  kind: 'rate-limited',
  summary: "A service, such as a partner's API, that answers 429 to what comes too fast.",
  schema,
  settable: ['errorRate'],
  callLimits: ({ rate: perSecond }) => [
    {
      limit: 'rate',
      unit: 'calls/s',
      allowed: perSecond,
      perCall: () => 1,
      effect: 'is refused',
    },
  ],
  assumptions: () => [
    {
      id: 'downstream-refuses-at-once',
      statement: 'An answer of 429, and a refusal for want of room, take no time.',
      confidence: 'assumed',
      source: 'a few milliseconds in practice',
    },
  ],
  create: (name, config, world) => new RateLimited(name, config, world),
}
