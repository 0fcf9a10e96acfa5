import { z } from 'zod'
import { positiveDuration, share, wholeNumber } from '../../units.ts'
import type { Guard, GuardEntry } from './entry.ts'

interface Options {
  readonly failureShare: number
  readonly window: number
  readonly minimumAttempts: number
  readonly openFor: number
  readonly probes: number
}

const LONGEST_WINDOW = 100_000

/** Closed, it watches its last attempts; open, it refuses all; half-open, it lets probes through. */
class CircuitBreaker implements Guard {
  private readonly options: Options
  /** 1: failed. A ring of the last attempts. */
  private readonly outcomes: Uint8Array
  private answered = 0
  private failed = 0
  /** null: closed. */
  private openUntilUs: number | null = null
  private probesSent = 0

  constructor(options: Options) {
    this.options = options
    this.outcomes = new Uint8Array(Math.max(options.window, options.probes))
  }

  mayAttempt(nowUs: number): boolean {
    if (this.openUntilUs === null) return true
    if (nowUs < this.openUntilUs || this.probesSent >= this.options.probes) return false
    this.probesSent++
    return true
  }

  onAnswer(hasFailed: boolean, nowUs: number): void {
    // While it is open, answers to attempts from before say nothing about what probes would find.
    if (this.openUntilUs !== null && this.probesSent === 0) return
    const isHalfOpen = this.openUntilUs !== null
    const { failureShare, minimumAttempts, probes, window } = this.options
    const length = isHalfOpen ? probes : window
    this.note(hasFailed, length)
    if (this.answered < (isHalfOpen ? probes : minimumAttempts)) return
    if (this.failed / Math.min(this.answered, length) >= failureShare) this.open(nowUs)
    else if (isHalfOpen) this.close()
  }

  private note(hasFailed: boolean, length: number): void {
    const position = this.answered % length
    if (this.answered >= length) this.failed -= this.outcomes[position]!
    this.outcomes[position] = hasFailed ? 1 : 0
    this.failed += this.outcomes[position]!
    this.answered++
  }

  private open(nowUs: number): void {
    this.forget()
    this.openUntilUs = nowUs + this.options.openFor
  }

  private close(): void {
    this.forget()
    this.openUntilUs = null
  }

  private forget(): void {
    this.answered = 0
    this.failed = 0
    this.probesSent = 0
  }
}

/**
 * Stops calling what mostly fails. Throttles, timeouts and function errors are failures.
 * Source: the count-based window, the half-open state and the defaults of resilience4j,
 * "CircuitBreaker".
 */
export const circuitBreaker: GuardEntry<Options> = {
  key: 'circuitBreaker',
  summary: 'Stops calling for a while when too many of the last attempts failed.',
  metric: 'CircuitOpenRejections',
  schema: z
    .strictObject({
      failureShare: share.prefault('50%').meta({
        description: 'The share of failed attempts at which it opens.',
      }),
      window: wholeNumber('window', 1, LONGEST_WINDOW)
        .prefault(100)
        .meta({ description: 'How many of the last attempts it watches.' }),
      minimumAttempts: wholeNumber('minimumAttempts', 1, LONGEST_WINDOW)
        .prefault(100)
        .meta({ description: 'Attempts before it judges; at most the window.' }),
      openFor: positiveDuration.prefault('60s').meta({
        description: 'How long it refuses everything before it lets probes through.',
      }),
      probes: wholeNumber('probes', 1, LONGEST_WINDOW)
        .prefault(10)
        .meta({ description: 'Attempts that decide whether it closes or opens again.' }),
    })
    .refine(({ minimumAttempts, window }) => minimumAttempts <= window, {
      error: '`minimumAttempts` is at most `window`: it sees no more attempts than those',
      path: ['minimumAttempts'],
    })
    .refine(({ failureShare }) => failureShare > 0, {
      error: '`failureShare` must be above 0%: it would always be open',
      path: ['failureShare'],
    }),
  create: (options) => new CircuitBreaker(options),
}
