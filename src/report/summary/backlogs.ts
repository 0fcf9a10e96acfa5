import type { RunResult } from '../../experiment/result.ts'
import type { BacklogVerdict } from '../../experiment/stability.ts'
import type { Scope } from '../../model/metrics/catalogue-entry.ts'
import type { Block, Row } from '../document.ts'
import { count, milliseconds } from '../phrase.ts'
import { holdCure, holdLabel } from './holds.ts'
import type { ResultIndex } from './result-index.ts'
import { shortName, shown, table } from './tables.ts'

/** The first thing to know: what never catches up. */
export function stabilityVerdicts({ backlogs }: RunResult): Block[] {
  return backlogs.filter(({ isStable }) => !isStable).map(growing)
}

function growing({
  name,
  places,
  waiting,
  growthPerSecond,
  throughputFactor,
  heldBy,
}: BacklogVerdict): Block {
  const [place] = places
  const sort = place!.scope === 'stateMachine' ? 'state machine' : place!.scope
  const where = `${sort} ${place!.name}${place!.name === name ? '' : ` for ${name}`}`
  const cure = heldBy === null ? 'a faster consumer.' : holdCure(heldBy, place!.scope)
  const factor =
    throughputFactor === null
      ? `Nothing comes out of it any more. It would take ${cure}`
      : `It would take ${throughputFactor.toFixed(throughputFactor < 10 ? 2 : 0)} times the throughput: ${cure}`
  return {
    kind: 'verdict',
    tone: 'bad',
    text: `Not stable: what waits in ${where} grows by ${perSecond(growthPerSecond)} and was ${count(waiting)} at the end.`,
    lines: [
      ...(heldBy === null ? [] : [`It is held by ${holdLabel(heldBy)}.`]),
      factor,
      'How long things take there depends on the length of the run.',
    ],
  }
}

function perSecond(rate: number): string {
  if (rate >= 1) return `${count(Math.round(rate * 10) / 10)} a second`
  return `${(rate * 60).toFixed(1)} a minute`
}

const SCOPES: readonly Scope[] = ['function', 'queue', 'topic', 'bus', 'stream', 'table', 'bucket']
const STAYED = ['queued', 'inFlight']
const LOST = ['dropped', 'expired', 'deadLettered', 'deliveredToDestination', 'failed', 'rejected']

/** One row per queue, stream and function with events: what came, what became of it, how long it took. */
export function backlogBlocks(result: RunResult, index: ResultIndex): Block[] {
  const places = result.ledger.filter(
    ({ scope, outcome }) => outcome === 'entered' && SCOPES.includes(scope),
  )
  const growingPlaces = result.backlogs.flatMap(({ isStable, places: grown }) =>
    isStable ? [] : grown,
  )
  const rows = places.map(({ scope, name, count: total }): Row => {
    const entered = total / result.replications
    const sum = (outcomes: readonly string[]) =>
      result.ledger
        .filter((row) => row.scope === scope && row.name === name && outcomes.includes(row.outcome))
        .reduce((total, row) => total + row.count, 0) / result.replications
    const isGrowing = growingPlaces.some((one) => one.scope === scope && one.name === name)
    const latency = (statistic: 'p50' | 'p99') => {
      const value = index.value(scope, name, 'EndToEndLatency', statistic)
      return `${shown(value, milliseconds)}${isGrowing && value !== undefined ? '↑' : ''}`
    }
    const lost = sum(LOST)
    return {
      tone: lost > 0 || isGrowing ? 'bad' : 'plain',
      cells: [
        `${scope} ${shortName(name)}`,
        count(entered),
        count(sum(['succeeded', 'handedOn'])),
        count(lost),
        count(sum(STAYED)),
        latency('p50'),
        latency('p99'),
      ],
    }
  })
  const titles = ['events', 'entered', 'done', 'failed', 'left', 'p50', 'p99']
  const isWholeRun = result.warmUpUs > 0
  return table(`Events and messages${isWholeRun ? ' (whole run)' : ''}`, titles, rows)
}
