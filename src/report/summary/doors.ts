import type { Headroom, RunResult } from '../../experiment/result.ts'
import { DOOR_METRICS } from '../../model/metrics/catalogue-doors.ts'
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

/** What the kinds of doors call the same thing; a door has one name of each row, or several. */
const REQUESTS = ['Count', 'MessageCount', 'ConnectCount', 'RequestCount', 'UrlRequestCount']
const CLIENT_ERRORS = ['4XXError', '4xx', 'ClientError', 'HTTPCode_ELB_4XX_Count', 'Url4xxCount']
const SERVER_ERRORS = [
  '5XXError',
  '5xx',
  'IntegrationError',
  'ExecutionError',
  'HTTPCode_ELB_5XX_Count',
  'Url5xxCount',
]
const LATENCY = ['Latency', 'UrlRequestLatency']

/** One row per front door: how much came, what went wrong, how long it took. */
export function doorBlocks(index: ResultIndex): Block[] {
  const rows = index.names('api').map((name): Row => {
    const sumOf = (metrics: readonly string[]): number =>
      metrics.reduce((sum, metric) => sum + (index.value('api', name, metric, 'sum') ?? 0), 0)
    const latency = (metrics: readonly string[], statistic: 'p50' | 'p99'): string => {
      const values = metrics.flatMap((metric) => index.value('api', name, metric, statistic) ?? [])
      return shown(values[0], milliseconds)
    }
    const errors = [sumOf(CLIENT_ERRORS), sumOf(SERVER_ERRORS)]
    return {
      tone: errors.some((sum) => sum > 0) ? 'bad' : 'plain',
      cells: [
        shortName(name),
        count(sumOf(REQUESTS)),
        ...errors.map(count),
        latency(LATENCY, 'p50'),
        latency(LATENCY, 'p99'),
        latency(['IntegrationLatency'], 'p50'),
        latency(['IntegrationLatency'], 'p99'),
      ],
    }
  })
  const titles = ['api', 'requests', '4XX', '5XX', 'p50', 'p99', 'integration', 'its p99']
  return table('Front doors', titles, rows)
}
