import type { RunResult, SummaryRow } from '../../experiment/result.ts'
import type { LedgerOutcome } from '../../model/metrics/ledger.ts'
import type { Block } from '../document.ts'
import { count, listed, percent } from '../phrase.ts'

/** How a queue, stream, topic or event queue refuses what is sent to it, and how that is said. */
const REFUSALS: Partial<Record<LedgerOutcome, string>> = {
  throttled: 'over its rate limit',
  rejected: 'too large for it',
  failed: 'while it did not answer',
}
const PLACES_TOLD = 3

/** Producers whose messages were not taken, and streams over their write limit, the worst first. */
export function refusals(result: RunResult): Block[] {
  return [...refusedProducers(result), ...fullQueues(result), ...fullStreams(result)]
}

/** Only producers that hand their messages on have this outcome. */
function refusedProducers({ ledger, replications }: RunResult): Block[] {
  const rowsOf = (name: string) =>
    ledger.filter((row) => row.scope === 'traffic' && row.name === name)
  const producers = ledger.flatMap(({ scope, name, outcome, count: entered }) => {
    if (scope !== 'traffic' || outcome !== 'entered' || entered === 0) return []
    const rows = rowsOf(name)
    const isAnswered = rows.some((row) =>
      ['succeeded', 'timedOut', 'inFlight'].includes(row.outcome),
    )
    const handedOn = rows.find((row) => row.outcome === 'handedOn')?.count ?? 0
    const refused = rows.filter((row) => Object.hasOwn(REFUSALS, row.outcome))
    const isHandover = handedOn > 0 || refused.some((row) => row.outcome === 'rejected')
    return isAnswered || !isHandover || refused.length === 0 ? [] : [{ name, entered, refused }]
  })
  const lost = (rows: readonly { readonly count: number }[]) =>
    rows.reduce((sum, row) => sum + row.count, 0)
  producers.sort((a, b) => lost(b.refused) / b.entered - lost(a.refused) / a.entered)
  return producers.slice(0, PLACES_TOLD).map(({ name, entered, refused }) => {
    const share = percent(lost(refused) / entered)
    const number = (value: number) => count(value / replications)
    const reasons = refused.map(
      (row) => `${number(row.count)} ${REFUSALS[row.outcome as LedgerOutcome]}`,
    )
    const text = `Of the ${number(entered)} messages of ${name}, ${number(lost(refused))} (${share}) were not taken where they were sent: ${listed(reasons)}.`
    return { kind: 'verdict', tone: 'bad', text, lines: [] }
  })
}

/** Limits of FIFO queues on sends, and what would have let more through. */
const SEND_LIMITS: Readonly<Record<string, (name: string) => string>> = {
  'send calls/s': (name) =>
    `calls that send several messages each, or queues.${name}.fifoThroughputLimit: perMessageGroupId where that is not set`,
  'send calls/s of a group': () =>
    'more message groups (`keys` of what is sent), or calls that send several messages each',
}

function fullQueues({ headroom, ledger }: RunResult): Block[] {
  const areRefused = ledger.some(
    ({ scope, outcome }) => scope === 'traffic' && outcome === 'throttled',
  )
  if (!areRefused) return []
  return headroom.flatMap(({ scope, name, limit, used, available }): Block[] => {
    const cure = SEND_LIMITS[limit]
    if (scope !== 'queue' || cure === undefined || used < available) return []
    const what = limit.endsWith('of a group') ? 'for each message group' : 'in all'
    return [
      {
        kind: 'verdict',
        tone: 'bad',
        text: `The queue ${name} takes ${count(available)} calls a second that send, ${what}.`,
        lines: [`It would have taken ${cure(name)}.`],
      },
    ]
  })
}

function fullStreams({ summary }: RunResult): Block[] {
  const full = summary.filter(
    ({ metric, statistic, value }) =>
      metric === 'WriteProvisionedThroughputExceeded' && statistic === 'sum' && value > 0,
  )
  return full.slice(0, PLACES_TOLD).map(({ scope, name, value }: SummaryRow) => ({
    kind: 'verdict',
    tone: 'bad',
    text: `The ${scope} ${name} refused ${count(value)} records: a shard takes 1,000 records and 1 MB a second.`,
    lines: ['It would have taken more shards, or keys that spread more evenly over them.'],
  }))
}
