/**
 * Conservation: everything that enters an accounted place has exactly one outcome, its last, and
 * the sum is checked at the end of every run.
 */
import { invariant } from '../../kernel/invariant.ts'
import type { Scope } from './catalogue-entry.ts'

/** In output order. */
export const LEDGER_OUTCOMES = [
  'succeeded',
  'failed',
  'throttled',
  'timedOut',
  'rejected',
  'filtered',
  'expired',
  'deadLettered',
  'deliveredToDestination',
  'dropped',
  'handedOn',
  'queued',
  'inFlight',
] as const

export type LedgerOutcome = (typeof LEDGER_OUTCOMES)[number]

/** What ledger.csv says of one place. */
export interface Book {
  readonly scope: Scope
  readonly name: string
  readonly entered: number
  countOf(outcome: LedgerOutcome): number
}

/** The book of one place. */
export class Ledger implements Book {
  readonly scope: Scope
  readonly name: string
  entered = 0
  /** By outcome; what ends well counts itself here, because a look-up by a name in hand is slow. */
  readonly counts: Record<LedgerOutcome, number>

  constructor(scope: Scope, name: string) {
    this.scope = scope
    this.name = name
    const zeros = LEDGER_OUTCOMES.map((outcome) => [outcome, 0])
    this.counts = Object.fromEntries(zeros) as Record<LedgerOutcome, number>
  }

  settle(outcome: LedgerOutcome, count = 1): void {
    this.counts[outcome] += count
  }

  countOf(outcome: LedgerOutcome): number {
    return this.counts[outcome]
  }

  /** At the run's end: what is still there, as the place itself counts it, completes the sum. */
  close(queued: number, inFlight: number): void {
    this.counts.queued = queued
    this.counts.inFlight = inFlight
    checkBook(this)
  }
}

/** Throws InvariantViolation where the outcomes do not add up to what entered. */
export function checkBook(book: Book): void {
  for (const outcome of LEDGER_OUTCOMES) {
    const count = book.countOf(outcome)
    invariant(count >= 0, () => `${book.scope} ${book.name} counts ${count} ${outcome}`)
  }
  const settled = LEDGER_OUTCOMES.reduce((sum, outcome) => sum + book.countOf(outcome), 0)
  invariant(book.entered === settled, () => {
    const parts = LEDGER_OUTCOMES.filter((outcome) => book.countOf(outcome) !== 0).map(
      (outcome) => `${book.countOf(outcome)} ${outcome}`,
    )
    return `${book.scope} ${book.name}: ${book.entered} entered, but ${parts.join(', ') || 'nothing'} adds up to ${settled}`
  })
}
