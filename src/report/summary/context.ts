/** What a reader needs to judge the figures: limits, assumptions, warnings. */
import type { Headroom } from '../../experiment/result.ts'
import type { Assumption } from '../../model/compiled-scenario.ts'
import type { Block, ListItem, Row, Tone } from '../document.ts'
import { bar, count } from '../phrase.ts'
import { shortName } from './tables.ts'

const LIMITS_SHOWN = 4
const ASSUMPTIONS_SHOWN = 5
const WARNINGS_SHOWN = 3

/** How close the run came to each limit, the closest first. */
export function headroomBlocks(headroom: readonly Headroom[], title = 'Headroom'): Block[] {
  if (headroom.length === 0) return []
  const closest = [...headroom].sort((a, b) => usedShare(b) - usedShare(a)).slice(0, LIMITS_SHOWN)
  const rows = closest.map((entry): Row => {
    const isReached = entry.used >= entry.available
    return {
      tone: isReached ? 'bad' : 'plain',
      cells: [
        `${shortName(entry.name)} ${entry.limit}`,
        `${count(entry.used)} of ${count(entry.available)}`,
        bar(usedShare(entry)),
        isReached ? 'reached' : `${left(entry)} left`,
      ],
    }
  })
  return [
    {
      kind: 'table',
      title,
      hasHead: false,
      columns: [
        { title: 'limit', align: 'left' },
        { title: 'highest use', align: 'right' },
        { title: '', align: 'left' },
        { title: '', align: 'right' },
      ],
      rows,
    },
  ]
}

/** Of very many only the thousands: the table must stay within 80 columns. */
function left({ used, available }: Headroom): string {
  const number = available - used
  return number < 100_000 ? count(number) : `${Math.floor(number / 1_000)}k`
}

function usedShare(entry: Headroom): number {
  return entry.available > 0 ? entry.used / entry.available : 1
}

const CONFIDENCE_TONES: Readonly<Record<Assumption['confidence'], Tone>> = {
  assumed: 'doubtful',
  inferred: 'doubtful',
  measured: 'good',
  documented: 'good',
}

/** What took part without being documented by AWS; those that matter most come first. */
export function assumptionBlocks(
  assumptions: readonly Assumption[],
  shown = ASSUMPTIONS_SHOWN,
): Block[] {
  const undocumented = assumptions.filter(({ confidence }) => confidence !== 'documented')
  if (undocumented.length === 0) return []
  const items = undocumented.slice(0, shown).map(
    (assumption): ListItem => ({
      tone: CONFIDENCE_TONES[assumption.confidence],
      mark: assumption.confidence,
      text: assumption.statement,
    }),
  )
  return [
    { kind: 'heading', text: 'Assumptions that took part' },
    { kind: 'list', items: withRest(items, undocumented.length - items.length) },
  ]
}

export function warningBlocks(warnings: readonly string[], shown = WARNINGS_SHOWN): Block[] {
  if (warnings.length === 0) return []
  const items = warnings
    .slice(0, shown)
    .map((text): ListItem => ({ tone: 'doubtful', mark: '!', text }))
  return [
    { kind: 'heading', text: 'Warnings' },
    { kind: 'list', items: withRest(items, warnings.length - items.length) },
  ]
}

function withRest(items: readonly ListItem[], hidden: number): readonly ListItem[] {
  if (hidden === 0) return items
  return [
    ...items,
    { tone: 'quiet', mark: '', text: `and ${hidden} more, in run.json and --format json` },
  ]
}
