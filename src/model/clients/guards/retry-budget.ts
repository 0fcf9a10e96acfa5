import { z } from 'zod'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { rate, share, wholeNumber } from '../../units.ts'
import type { Guard, GuardEntry } from './entry.ts'

interface Options {
  readonly share?: number | undefined
  readonly rate?: number | undefined
  readonly capacity: number
}

const MOST_TOKENS = 1_000_000
/** Ten tenths are one, although their sum in doubles is less. */
const TOLERANCE = 1e-9

/** A token for each retry; requests or time bring new ones. It begins full. */
class RetryBudget implements Guard {
  private readonly options: Options
  private tokens: number
  private refilledUs = 0

  constructor(options: Options) {
    this.options = options
    this.tokens = options.capacity
  }

  mayBegin(): boolean {
    this.add(this.options.share ?? 0)
    return true
  }

  mayRetry(nowUs: number): boolean {
    const seconds = (nowUs - this.refilledUs) / MICROSECONDS_PER_SECOND
    this.refilledUs = nowUs
    this.add(seconds * (this.options.rate ?? 0))
    if (this.tokens < 1 - TOLERANCE) return false
    this.tokens = Math.max(0, this.tokens - 1)
    return true
  }

  private add(tokens: number): void {
    this.tokens = Math.min(this.options.capacity, this.tokens + tokens)
  }
}

/**
 * Retries are at most a share of the requests, or a token bucket.
 * Source: Marc Brooker, "Fixing retries with token buckets and circuit breakers", 2022.
 */
export const retryBudget: GuardEntry<Options> = {
  key: 'retryBudget',
  summary: 'Bounds retries to a share of the requests, or to a rate.',
  metric: 'RetryBudgetExhausted',
  schema: z
    .strictObject({
      share: share.optional().meta({
        description: 'What each request adds to the budget: 10% is a retry for ten requests.',
      }),
      rate: rate.optional().meta({ description: 'What each second adds to the budget.' }),
      capacity: wholeNumber('capacity', 1, MOST_TOKENS).prefault(100).meta({
        description: 'Retries that the budget holds at most; it begins full.',
      }),
    })
    .refine((options) => (options.share === undefined) !== (options.rate === undefined), {
      error: 'a retry budget has either `share` or `rate`',
    }),
  create: (options) => new RetryBudget(options),
}
