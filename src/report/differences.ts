/** What each contender changes, costs or saves, and does to the slowest requests, in a sentence. */
import type { Comparison, ComparisonRow, ScenarioChange } from '../experiment/compare.ts'
import { summaryKey } from '../experiment/result.ts'
import type { Block, ListItem } from './document.ts'
import { count, inUnit, listedUpTo, money } from './phrase.ts'

const CHANGES_TOLD = 3
const CALLERS_TOLD = 3
/** Beyond so many times the reference's cost a percentage says nothing more. */
const MOST_TIMES = 10

/** A row and the reference's row of the same value. */
interface Pair {
  readonly own: ComparisonRow
  readonly reference: ComparisonRow
}

export function differenceList({ reference, results, rows }: Comparison): Block[] {
  const others = results.filter(({ name }) => name !== reference)
  if (others.length === 0) return []
  const known = new Map(
    rows.filter(({ contender }) => contender === reference).map((row) => [summaryKey(row), row]),
  )
  const items = others.map(({ name, changes }): ListItem => {
    const pairs = rows
      .filter(({ contender, difference }) => contender === name && difference !== null)
      .map((own) => ({ own, reference: known.get(summaryKey(own))! }))
    return { tone: 'plain', mark: name, text: sentence(changes, pairs) }
  })
  return [
    { kind: 'heading', text: `Against ${reference}` },
    { kind: 'list', items },
  ]
}

function sentence(changes: readonly ScenarioChange[], pairs: readonly Pair[]): string {
  const told = [costText(pairs), latencyText(pairs)].filter((text) => text !== null)
  if (told.length === 0) return 'Nothing of it can be compared.'
  const made = changes.length === 0 ? 'It' : `With ${changesText(changes)} it`
  return `${made} ${told.join(', and ')}.`
}

function changesText(changes: readonly ScenarioChange[]): string {
  const texts = changes.map(({ path, value }) =>
    value === null ? `no ${path}` : `${path} = ${value}`,
  )
  return listedUpTo(texts, CHANGES_TOLD)
}

/** null: it has no cost to compare. */
function costText(pairs: readonly Pair[]): string | null {
  const ofMetric = (name: string) =>
    pairs.find(({ own }) => own.scope === 'account' && own.metric === name)
  const month = ofMetric('MonthlyCost')
  const pair = month ?? ofMetric('Cost')
  if (pair === undefined) return null
  const { own, reference } = pair
  const period = month === undefined ? 'for the run' : 'a month'
  const difference = own.difference ?? 0
  if (difference === 0) return `costs the same ${period}`
  if (own.verdict === 'no-detectable-difference') {
    return `has no detectable difference in cost ${period}`
  }
  const isSaving = difference < 0
  const { differenceLow: low, differenceHigh: high } = own
  const ends = isSaving ? [high, low] : [low, high]
  const [from, to] = ends.map((end) => dollars(Math.abs(end ?? difference)))
  const interval = low === null ? '' : ` (${from} to ${to})`
  const size = Math.abs(difference)
  const amount = `${dollars(size)}${interval}${shareText(size, reference.value)}`
  return isSaving ? `saves ${amount}, ${period}` : `costs ${amount} more ${period}`
}

/** null: no caller has a latency in both. */
function latencyText(pairs: readonly Pair[]): string | null {
  const latencies = pairs.filter(
    ({ own: { scope, metric, statistic } }) =>
      scope === 'traffic' && metric === 'ClientLatency' && statistic === 'p99',
  )
  if (latencies.length === 0) return null
  const moved = latencies.filter(
    ({ own: { verdict, difference } }) =>
      difference !== 0 && verdict !== 'same' && verdict !== 'no-detectable-difference',
  )
  const shown = moved.filter(({ own, reference }) => inOwnUnit(own) !== inOwnUnit(reference))
  if (shown.length > 0) return `moves p99 ${listedUpTo(shown.map(moveText), CALLERS_TOLD)}`
  if (moved.length > 0) return 'hardly moves p99'
  const isSame = latencies.every(({ own }) => own.verdict === 'same' || own.difference === 0)
  return isSame ? 'leaves p99 as it is' : 'moves no p99 detectably'
}

function moveText({ own, reference }: Pair): string {
  return `of ${own.name} from ${inOwnUnit(reference)} to ${inOwnUnit(own)}`
}

function inOwnUnit({ value, unit }: ComparisonRow): string {
  return inUnit(value, unit)
}

/** `, 29%`; nothing where it would say nothing. */
export function shareText(size: number, of: number): string {
  return size < MOST_TIMES * of ? `, ${count(Math.round((100 * size) / of))}%` : ''
}

export function dollars(value: number): string {
  return money(value.toFixed(12))
}
