import { z } from 'zod'
import { duration, positiveDuration } from '../../units.ts'
import { JITTERS, type Jitter } from '../back-off.ts'
import type { RetryModeEntry } from './entry.ts'
import { maxAttempts, retryOn } from './keys.ts'

interface Options {
  readonly maxAttempts: number
  readonly baseDelay: number
  readonly maxDelay: number
  readonly jitter: Jitter
}

const DEFAULT_ATTEMPTS = 3

/** A loop in the caller's own code. Without a base delay and jitter it is as naive as they come. */
export const exponential: RetryModeEntry<Options> = {
  kind: 'exponential',
  summary: "A loop in the caller's own code: waits that double from baseDelay, no quota.",
  schema: z.strictObject({
    mode: z.literal('exponential'),
    maxAttempts: maxAttempts(DEFAULT_ATTEMPTS),
    retryOn,
    baseDelay: duration
      .prefault('100ms')
      .meta({ description: 'The longest wait before the first retry; it doubles. 0s: at once.' }),
    maxDelay: positiveDuration.prefault('20s').meta({ description: 'Where waits end to double.' }),
    jitter: z.enum(JITTERS).prefault('full').meta({
      description: 'Which part of a wait is drawn: all of it, half of it, or none.',
      source: 'AWS architecture blog, "Exponential Backoff And Jitter"',
    }),
  }),
  differsBySdk: false,
  create: (options) => ({
    maxAttempts: options.maxAttempts,
    backOff: {
      baseUs: {
        throttling: options.baseDelay,
        timeout: options.baseDelay,
        other: options.baseDelay,
      },
      capUs: options.maxDelay,
      jitter: options.jitter,
    },
    quota: null,
    isRateLimited: false,
  }),
}
