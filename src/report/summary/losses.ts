import { isLoss, type LOST_OUTCOMES } from '../../experiment/headlines.ts'
import type { LedgerRow, RunResult } from '../../experiment/result.ts'
import type { Scope } from '../../model/metrics/catalogue-entry.ts'
import type { Block } from '../document.ts'
import { count, listed, percent } from '../phrase.ts'

/** How a message ended that nobody processed, and how that is said. */
const LOSSES: Readonly<Record<(typeof LOST_OUTCOMES)[number], string>> = {
  dropped: 'dropped for good',
  expired: 'too old and gone',
  deadLettered: 'in a dead-letter queue',
  deliveredToDestination: 'at a failure destination',
}
/** What a place holds; the others hold events. */
const NOUNS: Partial<Record<Scope, string>> = {
  queue: 'messages',
  topic: 'messages',
  stream: 'records',
  table: 'records',
  stateMachine: 'items',
}
const GONE: readonly string[] = ['dropped', 'expired']
const PLACES_TOLD = 3

/** Whether anything that was handed over was given up. */
export function hasLosses({ ledger }: RunResult): boolean {
  return ledger.some(isLoss)
}

/** Messages, events and records that no function has processed, the largest share first. */
export function lossVerdicts({ ledger: sums, replications, warmUpUs }: RunResult): Block[] {
  const ledger = sums.map((row) => ({ ...row, count: row.count / replications }))
  const when = warmUpUs > 0 ? ' in the whole run' : ''
  const places = ledger.filter(({ scope, outcome }) => outcome === 'entered' && scope !== 'traffic')
  const losses = places.flatMap((place) => {
    const rows = lostRows(ledger, place)
    const lost = rows.reduce((sum, row) => sum + row.count, 0)
    return lost > 0 ? [{ place, rows, lost }] : []
  })
  losses.sort((one, other) => other.lost / other.place.count - one.lost / one.place.count)
  return losses.slice(0, PLACES_TOLD).map(({ place, rows, lost }) => ({
    kind: 'verdict',
    tone: rows.some(({ outcome }) => GONE.includes(outcome)) ? 'bad' : 'doubtful',
    text: `${count(lost)} of ${count(place.count)} ${NOUNS[place.scope] ?? 'events'} (${percent(lost / place.count)}) left ${placeText(place)} without success${when}: ${listed(
      rows.map((row) => `${count(row.count)} ${LOSSES[row.outcome as keyof typeof LOSSES]}`),
    )}.`,
    lines: [],
  }))
}

function lostRows(ledger: readonly LedgerRow[], { scope, name }: LedgerRow): readonly LedgerRow[] {
  return ledger.filter((row) => row.scope === scope && row.name === name && isLoss(row))
}

function placeText({ scope, name }: LedgerRow): string {
  return scope === 'function'
    ? `the event queue of ${name}`
    : `the ${scope === 'stateMachine' ? 'distributed Map' : scope} ${name}`
}
