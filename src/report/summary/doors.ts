import type { Headroom, RunResult } from '../../experiment/result.ts'
import { DOOR_METRICS } from '../../model/metrics/catalogue-doors.ts'
import type { DoorColumn, Statistic } from '../../model/metrics/catalogue-entry.ts'
import type { Block, Row } from '../document.ts'
import { count, countOf, instant, milliseconds, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'
import { shortName, shown, table } from './tables.ts'

const GATES_TOLD = 3

/** What front doors counted as errors, and which of their limits refused, the most first. */
export function doorVerdicts(result: RunResult, index: ResultIndex): Block[] {
  const errors = index.names('api').flatMap((name) => errorsOf(index, name))
  const gates = result.headroom
    .filter(({ refusals }) => refusals !== undefined)
    .sort((one, other) => other.refusals!.count - one.refusals!.count)
  return [...errors, ...gates.slice(0, GATES_TOLD).map((gate) => gateVerdict(result, gate))]
}

/** Under the names that CloudWatch has for them. */
function errorsOf(index: ResultIndex, name: string): Block[] {
  const sumOf = (metric: string) => index.value('api', name, metric, 'sum') ?? 0
  const errors = DOOR_METRICS.flatMap(({ name: metric, shareOf: whole = [] }) => {
    const sum = sumOf(metric)
    if (whole.length === 0 || sum === 0) return []
    const all = whole.reduce((total, each) => total + sumOf(each), 0)
    return [`${metric} ${count(sum)} (${percent(sum / all)})`]
  })
  if (errors.length === 0) return []
  const text = `${name} answered with errors: ${errors.join(', ')}.`
  return [{ kind: 'verdict', tone: 'bad', text, lines: [] }]
}

function gateVerdict({ warmUpUs }: RunResult, { scope, name, limit, refusals }: Headroom): Block {
  const { count: refused, firstUs, lastUs, setting } = refusals!
  const [first, last] = [instant(firstUs), instant(lastUs)]
  const when = first === last ? `at ${first}` : `from ${first} to ${last}`
  const whose = scope === 'account' ? 'the account' : name
  const run = warmUpUs > 0 ? ' in the whole run' : ''
  return {
    kind: 'verdict',
    tone: 'bad',
    text: `The limit "${limit}" of ${whose} refused ${countOf(refused, 'request')}${run}, ${when}.`,
    lines: [`It would have taken a higher ${setting}, or requests that are spread out more.`],
  }
}

/** What the kinds of doors call the same thing; a door has one of these names, or several. */
function metricsOf(column: DoorColumn): readonly string[] {
  return DOOR_METRICS.filter(({ doorColumn }) => doorColumn === column).map(({ name }) => name)
}

/** One row per front door: how much came, what went wrong, how long it took. */
export function doorBlocks(index: ResultIndex): Block[] {
  const rows = index.names('api').map((name): Row => {
    const valuesOf = (column: DoorColumn, statistic: Statistic): readonly number[] =>
      metricsOf(column).flatMap((metric) => index.value('api', name, metric, statistic) ?? [])
    const sumOf = (column: DoorColumn): number =>
      valuesOf(column, 'sum').reduce((sum, value) => sum + value, 0)
    const latency = (column: DoorColumn, statistic: Statistic): string =>
      shown(valuesOf(column, statistic)[0], milliseconds)
    const errors = [sumOf('clientErrors'), sumOf('serverErrors')]
    return {
      tone: errors.some((sum) => sum > 0) ? 'bad' : 'plain',
      cells: [
        shortName(name),
        count(sumOf('requests')),
        ...errors.map(count),
        latency('latency', 'p50'),
        latency('latency', 'p99'),
        latency('integrationLatency', 'p50'),
        latency('integrationLatency', 'p99'),
      ],
    }
  })
  const titles = ['api', 'requests', '4XX', '5XX', 'p50', 'p99', 'integration', 'its p99']
  return table('Front doors', titles, rows)
}
