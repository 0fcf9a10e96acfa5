/** What `run --sensitivity` shows: whether the outcome holds first, then every alternative. */
import type { ThresholdVerdict } from '../experiment/result.ts'
import {
  type Change,
  namesText,
  type Outcome,
  type Sensitivity,
  type VariedOutcome,
} from '../experiment/sensitivity.ts'
import type { Block, Column, ListItem, Row } from './document.ts'
import { count, countOf, inUnit, listed, listedUpTo } from './phrase.ts'
import { VERDICT_SIGNS, VERDICT_TONES } from './summary/thresholds.ts'

const CHANGES_TOLD = 6
const LABELS_TOLD = 3
const TAGS_TOLD = 2
const WIDTH = 80
const GAP = 2
const TITLE = 'Alternatives'
const AS_WRITTEN_LABEL = 'as written'

export function sensitivityBlocks(sensitivity: Sensitivity): Block[] {
  const { asWritten, alternatives, notVaried } = sensitivity
  if (asWritten === null) {
    const text = 'Interrupted before the scenario as written had ended.'
    return [{ kind: 'verdict', tone: 'doubtful', text, lines: [] }]
  }
  return [
    ...interruption(sensitivity),
    verdictBlock(sensitivity, asWritten.outcome),
    { kind: 'heading', text: 'As written' },
    { kind: 'list', items: outcomeItems(asWritten.outcome) },
    ...alternativeTable(alternatives, asWritten.outcome),
    ...notVariedNote(notVaried),
    { kind: 'note', text: legend(sensitivity) },
  ]
}

function interruption({ status, alternatives, planned }: Sensitivity): Block[] {
  if (status === 'complete') return []
  const text = `Interrupted: ${count(alternatives.length)} of ${countOf(planned, 'alternative')} finished.`
  return [{ kind: 'verdict', tone: 'doubtful', text, lines: [] }]
}

function verdictBlock({ alternatives, presetInits }: Sensitivity, asWritten: Outcome): Block {
  const all = countOf(alternatives.length, 'alternative')
  const caveats = [...thresholdCaveats(asWritten), ...choiceCaveats(presetInits)]
  const verdict = (tone: 'good' | 'doubtful', text: string, lines: string[] = []): Block => {
    return { kind: 'verdict', tone, text, lines: [...lines, ...caveats] }
  }
  if (alternatives.length === 0) {
    return verdict('doubtful', 'No assumption of this scenario was tried in another way.')
  }
  const changing = alternatives.filter(({ changes }) => changes.length > 0)
  if (changing.length > 0) {
    const verb = changing.length === 1 ? 'changes' : 'change'
    const text = `${count(changing.length)} of ${all} ${verb} the outcome.`
    return verdict('doubtful', text, changeLines(changing))
  }
  const assumptions = countOf(new Set(alternatives.map(({ id }) => id)).size, 'assumption')
  return verdict(
    'good',
    `The outcome holds under ${alternatives.length === 1 ? '' : 'all '}${all} of ${assumptions}.`,
  )
}

function choiceCaveats(presetInits: readonly string[]): string[] {
  if (presetInits.length === 0) return []
  return [
    `Which variant is the cheapest is not told: coldStart.init of ${listed(presetInits)} is a stand-in.`,
  ]
}

/** What the outcome does not cover. */
function thresholdCaveats({ headlines, thresholds }: Outcome): string[] {
  if (thresholds.length === 0) {
    return [`No threshold is written: the outcome is only what is ${orListed(headlines)}.`]
  }
  const open = thresholds.flatMap(({ verdict }, index) =>
    verdict === 'undecided' ? [thresholdName(index)] : [],
  )
  if (open.length === 0) return []
  const verb = open.length === 1 ? 'is' : 'are'
  return [
    `${listed(open)} ${verb} undecided as written, which no alternative can change; more replications would tell.`,
  ]
}

/** One for each assumption and change, with the alternatives that make it. */
function changeLines(changing: readonly VariedOutcome[]): string[] {
  const labels = new Map<string, { readonly text: string; readonly of: string[] }>()
  for (const { id, label, changes } of changing) {
    for (const change of changes) {
      const text = changeText(change)
      const key = `${id} ${text}`
      const known = labels.get(key)
      if (known === undefined) labels.set(key, { text: `${id}: ${text}`, of: [label] })
      else known.of.push(label)
    }
  }
  const lines = [...labels.values()].map(
    ({ text, of }) => `${text} (${listedUpTo(of, LABELS_TOLD)}).`,
  )
  const untold = lines.length - CHANGES_TOLD
  if (untold <= 0) return lines
  return [...lines.slice(0, CHANGES_TOLD), `And ${countOf(untold, 'change')} more, in the table.`]
}

function changeText({ kind, subject, from, to }: Change): string {
  if (kind === 'threshold') return `${subject} ${to} instead of ${from}`
  if (kind === 'cheapest') return `cheapest is ${to} instead of ${from}`
  return `${subject} is ${to} instead of ${from}`
}

/** The facts that are true of somebody, the thresholds by number, the cheapest. */
function outcomeItems({ headlines, thresholds, cheapest }: Outcome): ListItem[] {
  const facts = headlines.filter(({ names }) => names.length > 0)
  const told: ListItem[] =
    facts.length === 0
      ? [{ tone: 'good', mark: '✓', text: `nothing is ${orListed(headlines)}` }]
      : facts.map((one) => ({
          tone: 'bad',
          mark: one.fact,
          text: `${listed(one.names)} (${count(one.count)})`,
        }))
  const measured = thresholds.map((verdict, index): ListItem => {
    const value = verdict.value === null ? '' : ` (${inUnit(verdict.value, verdict.unit)})`
    return {
      tone: VERDICT_TONES[verdict.verdict],
      mark: `${thresholdName(index)} ${VERDICT_SIGNS[verdict.verdict]}`,
      text: `${verdict.threshold.text}${value}`,
    }
  })
  const choice: ListItem[] =
    cheapest === null
      ? []
      : [
          {
            tone: cheapest.length === 0 ? 'doubtful' : 'good',
            mark: 'cheapest',
            text: cheapest.length === 0 ? 'none that meets the thresholds' : cheapest.join(' or '),
          },
        ]
  return [...told, ...measured, ...choice]
}

function orListed(headlines: Outcome['headlines']): string {
  const facts = headlines.map(({ fact }) => fact)
  return `${facts.slice(0, -1).join(', ')} or ${facts.at(-1)}`
}

function thresholdName(index: number): string {
  return `T${index + 1}`
}

/** Assumptions with their alternatives below them. */
function alternativeTable(alternatives: readonly VariedOutcome[], asWritten: Outcome): Block[] {
  if (alternatives.length === 0) return []
  const outcomes = alternatives.map((each) => outcomeCell(each, asWritten))
  const figures = fitting(
    [...thresholdFigures(alternatives, asWritten), ...headlineFigures(alternatives, asWritten)],
    longest(firstCells(alternatives)) + GAP + longest(['outcome', ...outcomes]),
  )
  const rows = alternatives.flatMap((each, index): Row[] => {
    const { id, label, changes } = each
    const isFirst = alternatives[index - 1]?.id !== id
    const cells = [`  ${label}`, outcomes[index]!, ...figures.map((figure) => figure.cells[index]!)]
    const row: Row = { tone: changes.length > 0 ? 'doubtful' : 'plain', cells }
    const empty = cells.slice(1).map(() => '')
    return isFirst ? [{ tone: 'plain', cells: [id, ...empty] }, row] : [row]
  })
  const columns: Column[] = [
    { title: 'instead', align: 'left' },
    { title: 'outcome', align: 'left' },
    ...figures.map(({ title }) => ({ title, align: 'right' as const })),
  ]
  const asWrittenRow: Row = {
    tone: 'plain',
    cells: [AS_WRITTEN_LABEL, '', ...figures.map((figure) => figure.asWritten)],
  }
  return [{ kind: 'table', title: TITLE, hasHead: true, columns, rows: [asWrittenRow, ...rows] }]
}

/** What stands in the first column, the indentation of its rows included. */
function firstCells(alternatives: readonly VariedOutcome[]): readonly string[] {
  const inset = ' '.repeat(GAP)
  const cells = alternatives.flatMap(({ id, label }) => [id, inset + label])
  return [TITLE, ...[AS_WRITTEN_LABEL, ...cells].map((cell) => inset + cell)]
}

/** A column: a cell for each alternative. */
interface Figure {
  readonly title: string
  readonly asWritten: string
  readonly cells: readonly string[]
}

function thresholdFigures(alternatives: readonly VariedOutcome[], asWritten: Outcome): Figure[] {
  return asWritten.thresholds.map((verdict, index) => ({
    title: thresholdName(index),
    asWritten: thresholdCell(verdict),
    cells: alternatives.map(({ thresholds }) => thresholdCell(thresholds[index]!)),
  }))
}

/** How often, of what is true of somebody as written or instead. */
function headlineFigures(alternatives: readonly VariedOutcome[], asWritten: Outcome): Figure[] {
  return asWritten.headlines.flatMap((own, index) => {
    const all = alternatives.map(({ headlines }) => headlines[index]!)
    if (own.names.length === 0 && all.every((other) => other.names.length === 0)) return []
    return [
      {
        title: own.fact,
        asWritten: count(own.count),
        cells: all.map((other) => count(other.count)),
      },
    ]
  })
}

/** As many as there is room for beside what is `taken`. */
function fitting(figures: readonly Figure[], taken: number): readonly Figure[] {
  let width = taken
  const beyond = figures.findIndex(({ title, asWritten, cells }) => {
    width += GAP + longest([title, asWritten, ...cells])
    return width > WIDTH
  })
  return beyond < 0 ? figures : figures.slice(0, beyond)
}

function longest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length))
}

function outcomeCell({ changes, isSameRun }: VariedOutcome, asWritten: Outcome): string {
  if (changes.length === 0) return isSameRun ? 'same run' : 'holds'
  const tags = changes.map(({ kind, subject }) =>
    kind === 'threshold'
      ? thresholdName(asWritten.thresholds.findIndex(({ threshold }) => threshold.text === subject))
      : subject,
  )
  return tags.length > TAGS_TOLD
    ? `changes ${countOf(tags.length, 'thing')}`
    : `changes ${listed(tags)}`
}

function thresholdCell({ value, unit, verdict }: ThresholdVerdict): string {
  return `${value === null ? '-' : inUnit(value, unit)} ${VERDICT_SIGNS[verdict]}`
}

function notVariedNote(ids: readonly string[]): Block[] {
  if (ids.length === 0) return []
  const text = `Not varied, because the model has nothing else for them: ${listed(ids)}.`
  return [{ kind: 'note', text }]
}

function legend({ replications, alternatives }: Sensitivity): string {
  const means = replications > 1 ? `, means of ${countOf(replications, 'replication')}` : ''
  const same = alternatives.some(({ isSameRun }) => isSameRun)
    ? ' same run: not one event is different.'
    : ''
  return `One thing at a time, on the same random numbers${means}. holds: the outcome is the same.${same}`
}

/** One value of one run, for sensitivity.csv. */
export interface SensitivityRow {
  /** Both '' for the scenario as written. */
  readonly assumption: string
  readonly alternative: string
  readonly kind: Change['kind']
  readonly subject: string
  readonly outcome: string
  readonly isChanged: boolean
  readonly value: number | null
  readonly unit: string
}

export function sensitivityRows({ asWritten, alternatives }: Sensitivity): SensitivityRow[] {
  if (asWritten === null) return []
  return [
    ...rowsOf('', '', asWritten.outcome, []),
    ...alternatives.flatMap((each) => rowsOf(each.id, each.label, each, each.changes)),
  ]
}

function rowsOf(
  assumption: string,
  alternative: string,
  { headlines, thresholds, cheapest }: Outcome,
  changes: readonly Change[],
): SensitivityRow[] {
  const row = (
    kind: Change['kind'],
    subject: string,
    outcome: string,
    value: number | null = null,
    unit = '',
  ): SensitivityRow => {
    const isChanged = changes.some((change) => change.kind === kind && change.subject === subject)
    return { assumption, alternative, kind, subject, outcome, isChanged, value, unit }
  }
  return [
    ...headlines.map((one) => row('headline', one.fact, namesText(one.names), one.count, 'count')),
    ...thresholds.map(({ threshold, verdict, value, unit }) =>
      row('threshold', threshold.text, verdict, value, unit),
    ),
    ...(cheapest === null ? [] : [row('cheapest', 'cheapest', namesText(cheapest))]),
  ]
}
