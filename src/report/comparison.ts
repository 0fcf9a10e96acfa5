/** What `compare` shows, in blocks: the advice first, then the contenders side by side. */
import type {
  Comparison,
  ComparisonRow,
  DifferenceVerdict,
  ProvisionedUse,
} from '../experiment/compare.ts'
import { type SummaryKey, summaryKey } from '../experiment/result.ts'
import type { Scope, Statistic } from '../model/metrics/catalogue-entry.ts'
import { adviceBlock } from './advice.ts'
import { differenceList, dollars } from './differences.ts'
import type { Block, Row } from './document.ts'
import { countOf, inUnit, percent } from './phrase.ts'
import { shortName } from './summary/tables.ts'

/** Behind a value: how it stands to the reference's. */
const SIGNS: Readonly<Record<DifferenceVerdict, string>> = {
  reference: '',
  same: '=',
  higher: '▲',
  lower: '▼',
  'no-detectable-difference': '≈',
  undecided: '?',
}

interface Figure {
  readonly title: string
  readonly metric: string
  readonly statistic: Statistic
}

const CALLER_FIGURES: readonly Figure[] = [
  { title: 'success', metric: 'SuccessRate', statistic: 'share' },
  { title: 'p50', metric: 'ClientLatency', statistic: 'p50' },
  { title: 'p99', metric: 'ClientLatency', statistic: 'p99' },
  { title: 'throttled', metric: 'ThrottledRequests', statistic: 'share' },
]

const FUNCTION_FIGURES: readonly Figure[] = [
  { title: 'cold', metric: 'ColdStarts', statistic: 'share' },
  { title: 'p50', metric: 'Duration', statistic: 'p50' },
  { title: 'p99', metric: 'Duration', statistic: 'p99' },
  { title: 'throttles', metric: 'Throttles', statistic: 'sum' },
  { title: 'errors', metric: 'Errors', statistic: 'sum' },
]

const TOTAL_FIGURES: readonly Figure[] = [
  { title: 'cold starts', metric: 'ColdStarts', statistic: 'sum' },
  { title: 'cold', metric: 'ColdStarts', statistic: 'share' },
  { title: 'GB-s held', metric: 'MemoryTime', statistic: 'sum' },
  { title: 'GB-s idle', metric: 'IdleMemoryTime', statistic: 'sum' },
]

/** Callers and functions that have a table of their own. */
const MOST_TABLES = 12

const COST_FIGURES: readonly Figure[] = [
  { title: 'run', metric: 'Cost', statistic: 'sum' },
  { title: 'month', metric: 'MonthlyCost', statistic: 'sum' },
  { title: 'per 1M succeeded', metric: 'CostPerMillionSucceeded', statistic: 'sum' },
]

export function comparisonBlocks(comparison: Comparison): Block[] {
  const { rows, results } = comparison
  if (results.length === 0) return [adviceBlock(comparison)]
  const index = new Map(rows.map((row) => [keyOf(row.contender, row), row]))
  const names = (scope: Scope): readonly string[] => [
    ...new Set(rows.filter((row) => row.scope === scope).map(({ name }) => name)),
  ]
  const table = (title: string, scope: Scope, name: string, figures: readonly Figure[]) =>
    figureTable(
      title,
      figures,
      results.map((each) => each.name),
      (contender, figure) => index.get(keyOf(contender, { scope, name, ...figure })),
    )
  return [
    adviceBlock(comparison),
    ...differenceList(comparison),
    ...thresholdTable(comparison),
    ...table('Cost', 'account', 'account', COST_FIGURES),
    ...(names('function').length > 1
      ? table('All functions', 'account', 'account', TOTAL_FIGURES)
      : []),
    ...upTo(names('traffic'), 'caller', (name) => table(name, 'traffic', name, CALLER_FIGURES)),
    ...upTo(names('function'), 'function', (name) =>
      table(name, 'function', name, FUNCTION_FIGURES),
    ),
    ...breakEvenList(comparison.breakEvens),
    ...warningList(comparison),
    { kind: 'note', text: legend(comparison) },
  ]
}

/** The first few; the files have the others. */
function upTo(
  names: readonly string[],
  noun: string,
  blocksOf: (name: string) => readonly Block[],
): Block[] {
  const blocks = names.slice(0, MOST_TABLES).flatMap(blocksOf)
  const untold = names.length - MOST_TABLES
  if (untold <= 0) return blocks
  const text = `And ${countOf(untold, `more ${noun}`)}, in --format csv and json.`
  return [...blocks, { kind: 'note', text }]
}

/** Of each contender: how many thresholds it passes, and which it does not. */
function thresholdTable({ results }: Comparison): Block[] {
  if (results.every(({ result }) => result.thresholds.length === 0)) return []
  const rows = results.map(({ name, result }): Row => {
    const open = result.thresholds.filter(({ verdict }) => verdict !== 'passed')
    const isFailed = open.some(({ verdict }) => verdict === 'failed')
    const passed = result.thresholds.length - open.length
    const first = open[0]
    return {
      tone: isFailed ? 'bad' : open.length > 0 ? 'doubtful' : 'good',
      cells: [
        shortName(name),
        `${passed} of ${result.thresholds.length}`,
        first === undefined
          ? ''
          : `${first.verdict}: ${first.threshold.text}${first.value === null ? '' : ` (${inUnit(first.value, first.unit)})`}${open.length > 1 ? ` and ${open.length - 1} more` : ''}`,
      ],
    }
  })
  return [
    {
      kind: 'table',
      title: 'Thresholds',
      hasHead: true,
      columns: [
        { title: 'scenario', align: 'left' },
        { title: 'passed', align: 'right' },
        { title: 'not passed', align: 'left' },
      ],
      rows,
    },
  ]
}

/** A row per contender; a column that no contender has a value for is left out. */
function figureTable(
  title: string,
  figures: readonly Figure[],
  contenders: readonly string[],
  rowOf: (contender: string, figure: Figure) => ComparisonRow | undefined,
): Block[] {
  const filled = figures.filter((figure) =>
    contenders.some((contender) => rowOf(contender, figure) !== undefined),
  )
  if (filled.length === 0) return []
  return [
    {
      kind: 'table',
      title: shortName(title),
      hasHead: true,
      columns: [
        { title: 'scenario', align: 'left' },
        ...filled.map((figure) => ({ title: figure.title, align: 'right' as const })),
      ],
      rows: contenders.map(
        (contender): Row => ({
          tone: 'plain',
          cells: [shortName(contender), ...filled.map((figure) => cell(rowOf(contender, figure)))],
        }),
      ),
    },
  ]
}

function cell(row: ComparisonRow | undefined): string {
  if (row === undefined) return '-  '
  const value = row.unit === 'usd' ? dollars(row.value) : inUnit(row.value, row.unit)
  return `${value} ${SIGNS[row.verdict].padEnd(1)}`
}

function breakEvenList(breakEvens: readonly ProvisionedUse[]): Block[] {
  if (breakEvens.length === 0) return []
  return [
    { kind: 'heading', text: 'Provisioned concurrency: break-even against used' },
    {
      kind: 'list',
      items: breakEvens.map(({ contender, functionName, utilisation, breakEven }) => ({
        tone: utilisation >= breakEven ? 'good' : 'doubtful',
        mark: shortName(contender),
        text: `${functionName} kept its provisioned environments ${percent(utilisation)} busy; they pay for themselves from ${percent(breakEven)}.`,
      })),
    },
  ]
}

/** Each once, whoever has it. */
function warningList({ results }: Comparison): Block[] {
  const warnings = [...new Set(results.flatMap(({ result }) => result.warnings))]
  if (warnings.length === 0) return []
  return [
    { kind: 'heading', text: 'Warnings' },
    {
      kind: 'list',
      items: warnings.map((text) => ({ tone: 'doubtful' as const, mark: '!', text })),
    },
  ]
}

function legend({ reference, replications }: Comparison): string {
  return `Means of ${countOf(replications, 'replication')} on the same random numbers. Against ${reference}: ▲ higher, ▼ lower, = the same in every replication, ≈ no detectable difference (the paired 95% interval contains 0)${replications === 1 ? ', ? not known' : ''}.`
}

function keyOf(contender: string, of: SummaryKey): string {
  return `${contender} ${summaryKey(of)}`
}
