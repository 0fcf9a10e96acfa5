/** What `explain` says before a run, in blocks. */
import type {
  BacklogForecast,
  Explanation,
  PauseForecast,
  ProducerForecast,
} from '../experiment/explanation.ts'
import {
  type FunctionForecast,
  type LimitForecast,
  usedShare,
} from '../experiment/limit-forecast.ts'
import { formatDuration, MICROSECONDS_PER_MILLISECOND } from '../kernel/time.ts'
import type { Block, Row } from './document.ts'
import { expectationSentence } from './expectation.ts'
import { bar, count, countOf, listed, milliseconds, percent } from './phrase.ts'
import { assumptionBlocks, warningBlocks } from './summary/context.ts'

/** Effects on what nobody tries again. */
const LOSES: ReadonlySet<LimitForecast['effect']> = new Set(['throttles', 'is refused'])
const LIMITS_SHOWN = 8
const STAGES_SHOWN = 8
/** Above this the mean leaves chance too little room. */
const NEARLY_BINDS_AT = 0.8

export function explanationBlocks(explanation: Explanation): Block[] {
  const { expectation, producers, functions, pauses, backlogs, limits } = explanation
  const { assumptions, warnings } = explanation
  const title = `${expectation.name}: ${expectationSentence(expectation)}.`
  return [
    verdict(limits, functions),
    { kind: 'text', tone: 'plain', text: title },
    ...producerList(producers),
    ...producers.flatMap(stageTable),
    ...functionTable(functions),
    ...pauseLines(pauses),
    ...backlogLines(backlogs),
    ...limitTable(limits),
    ...assumptionBlocks(assumptions, assumptions.length),
    ...warningBlocks(warnings, warnings.length),
    {
      kind: 'note',
      text: 'From means alone (Little, Erlang B), as if each message had an invocation of its own: cold starts, chance and batches are left to a run.',
    },
  ]
}

function producerList(producers: readonly ProducerForecast[]): Block[] {
  if (producers.length === 0) return []
  const items = producers.map((producer) => ({
    tone: 'plain' as const,
    mark: producer.name,
    text: `to ${producer.target}: ${producer.description}${requestsOf(producer)}`,
  }))
  return [
    { kind: 'heading', text: 'Offered load' },
    { kind: 'list', items },
  ]
}

/** What an average over the run does not show: all that has come meanwhile is there at once. */
function pauseLines(pauses: readonly PauseForecast[]): Block[] {
  return pauses.map(({ name, reads }) => {
    const spans = reads.map(
      ({ fromUs, untilUs }) => `from ${formatDuration(fromUs)} to ${formatDuration(untilUs)}`,
    )
    const text =
      spans.length === 0
        ? `${name} is disabled in the whole run: what comes for it stays where it is.`
        : `${name} reads only ${listed(spans)}: what has gathered meanwhile comes on top.`
    return { kind: 'text', tone: 'doubtful', text }
  })
}

function backlogLines(backlogs: readonly BacklogForecast[]): Block[] {
  return backlogs.flatMap(({ scope, name, count: waiting, leastUs }): Block[] => {
    if (waiting === 0) return []
    const things = countOf(waiting, scope === 'queue' ? 'message' : 'record')
    const how =
      leastUs === null
        ? 'and nobody reads it'
        : `which take ${formatDuration(leastUs)} at least; they come on top of these rates and limits`
    return [
      {
        kind: 'text',
        tone: 'doubtful',
        text: `The ${scope} ${name} begins with ${things}, ${how}.`,
      },
    ]
  })
}

function requestsOf({ requests, peakRatePerSecond }: ProducerForecast): string {
  const parts = []
  if (requests !== null) parts.push(`about ${countOf(Math.round(requests), 'request')}`)
  if (peakRatePerSecond !== null) parts.push(`at most ${amount(peakRatePerSecond)}/s`)
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** Which limit binds first, and what that means; or how far the tightest one is. */
function verdict(limits: readonly LimitForecast[], functions: readonly FunctionForecast[]): Block {
  const tightest = limits[0]
  if (tightest === undefined) {
    const text = 'The rate is not known before the run, so nothing can be said of the limits.'
    return { kind: 'verdict', tone: 'doubtful', text, lines: [] }
  }
  const name = `${tightest.name} ${tightest.limit}`
  const share = usedShare(tightest)
  if (share > 1) {
    const throttling = limits.find(
      ({ effect }, place) => LOSES.has(effect) && usedShare(limits[place]!) > 1,
    )
    return {
      kind: 'verdict',
      tone: throttling === undefined ? 'doubtful' : 'bad',
      text: `${name} binds first: ${amount(tightest.demand)} ${tightest.unit} wanted at the peak, ${count(tightest.allowed)} allowed. What is beyond it ${tightest.effect}.`,
      lines: functions.flatMap(lossLine),
    }
  }
  const nearly = share > NEARLY_BINDS_AT
  return {
    kind: 'verdict',
    tone: nearly ? 'doubtful' : 'good',
    text: `No limit binds on average. The tightest is ${name}, used to ${percent(share)} at the peak${nearly ? ': chance alone can reach it' : ''}.`,
    lines: functions.flatMap(lossLine),
  }
}

function lossLine({ name, reservedLoss }: FunctionForecast): string[] {
  // Less than one attempt in ten thousand is not worth a line.
  if (reservedLoss === null || reservedLoss < 0.0001) return []
  return [
    `By Erlang B (independent arrivals), ${name} loses ${percent(reservedLoss)} of its attempts at the peak to its reserved concurrency.`,
  ]
}

function stageTable({ name, stages }: ProducerForecast): Block[] {
  if (stages.length < 2) return []
  const rows = stages.slice(0, STAGES_SHOWN).map((stage): Row => {
    const isSteady = stage.startRatePerSecond === stage.endRatePerSecond
    const range = (from: number | null, to: number | null) => {
      if (from === null || to === null) return '-'
      return isSteady ? amount(from) : `${amount(from)} to ${amount(to)}`
    }
    return {
      tone: 'plain',
      cells: [
        `from ${formatDuration(stage.fromUs)}`,
        `${range(stage.startRatePerSecond, stage.endRatePerSecond)}/s`,
        range(stage.startConcurrency, stage.endConcurrency),
      ],
    }
  })
  const columns = [
    { title: 'stage', align: 'left' },
    { title: 'rate', align: 'right' },
    { title: 'in flight', align: 'right' },
  ] as const
  return [{ kind: 'table', title: name, columns, rows, hasHead: true }]
}

function functionTable(functions: readonly FunctionForecast[]): Block[] {
  const rows = functions.map((forecast): Row => {
    const inMilliseconds = (us: number) => milliseconds(us / MICROSECONDS_PER_MILLISECOND)
    const known = (value: number | null) => (value === null ? '-' : amount(value))
    return {
      tone: 'plain',
      cells: [
        forecast.name,
        inMilliseconds(forecast.meanDurationUs),
        inMilliseconds(forecast.meanColdStartUs),
        forecast.peakRatePerSecond === null ? '-' : `${amount(forecast.peakRatePerSecond)}/s`,
        known(forecast.meanConcurrency),
        known(forecast.peakConcurrency),
      ],
    }
  })
  const titles = ['function', 'mean time', 'cold start', 'peak rate', 'in flight', 'at the peak']
  const columns = titles.map(
    (title, position) => ({ title, align: position === 0 ? 'left' : 'right' }) as const,
  )
  return [{ kind: 'table', title: 'Functions', columns, rows, hasHead: true }]
}

function limitTable(limits: readonly LimitForecast[]): Block[] {
  if (limits.length === 0) return []
  const rows = limits.slice(0, LIMITS_SHOWN).map((limit): Row => {
    const share = usedShare(limit)
    return {
      tone: share > 1 ? 'bad' : 'plain',
      cells: [
        `${limit.name} ${limit.limit}`,
        `${amount(limit.demand)} of ${count(limit.allowed)} ${limit.unit}`,
        bar(share),
        share > 1 ? 'binds' : percent(share),
      ],
    }
  })
  const columns = [
    { title: 'limit', align: 'left' },
    { title: 'at the peak', align: 'right' },
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ] as const
  return [{ kind: 'table', title: 'Limits, the tightest first', columns, rows, hasHead: false }]
}

/** A forecast has no more digits than it is worth. */
function amount(value: number): string {
  return count(value >= 10 ? Math.round(value) : Number(value.toPrecision(2)))
}
