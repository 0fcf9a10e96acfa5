import type { RunResult, ThrottleRecord } from '../../experiment/result.ts'
import { formatDuration } from '../../kernel/time.ts'
import type { Block } from '../document.ts'
import { count, countOf, instant, listedUpTo, percent } from '../phrase.ts'
import { stabilityVerdicts } from './backlogs.ts'
import { databaseTableVerdicts } from './database-tables.ts'
import { doorVerdicts } from './doors.ts'
import { downstreamVerdicts } from './downstreams.ts'
import { hasLosses, lossVerdicts } from './losses.ts'
import { networkVerdicts } from './networks.ts'
import { refusals } from './refusals.ts'
import type { ResultIndex } from './result-index.ts'
import { retryVerdicts } from './retries.ts'
import { throttleCause } from './throttle-causes.ts'
import { workflowFailures, workflowRefusals } from './workflows.ts'

const FUNCTIONS_TOLD = 3
const CALLERS_TOLD = 2
const CAUSES_TOLD = 2
const NAMES_TOLD = 8
const FAILURES_TOLD = 4

/** What happened, worst first: what throttled, when, why, and what would have prevented it. */
export function verdictBlocks(result: RunResult, index: ResultIndex): Block[] {
  const blocks: Block[] = []
  if (result.status === 'interrupted') blocks.push(interruption(result))
  blocks.push(...undrained(result), ...stabilityVerdicts(result), ...lossVerdicts(result))
  const byFunction = throttlesByFunction(result.throttles)
  const told = new Set<string>()
  for (const records of byFunction.slice(0, FUNCTIONS_TOLD)) {
    blocks.push(throttleVerdict(result, index, records, told))
    told.add(records[0]!.cause)
  }
  const untold = byFunction.slice(FUNCTIONS_TOLD)
  if (untold.length > 0) {
    const names = untold.map((records) => records[0]!.functionName)
    const text = `Also throttled: ${listedUpTo(names, NAMES_TOLD)}.`
    const isAllRetried = untold.flat().every((record) => record.retriedCount === record.count)
    blocks.push({ kind: 'verdict', tone: isAllRetried ? 'doubtful' : 'bad', text, lines: [] })
  }
  const refused = [
    ...refusals(result),
    ...doorVerdicts(result, index),
    ...databaseTableVerdicts(index),
    ...downstreamVerdicts(index),
    ...networkVerdicts(result, index),
    ...workflowRefusals(index),
  ]
  blocks.push(...refused, ...retryVerdicts(index))
  if (byFunction.length === 0 && refused.length === 0) blocks.push(nothingThrottled(result, index))
  blocks.push(...drained(result))
  blocks.push(...spillovers(index), ...unusedProvisioned(result, index))
  const failures = failureLines(index)
  if (failures.length > 0) {
    blocks.push({ kind: 'verdict', tone: 'bad', text: failures.join(' '), lines: [] })
  }
  blocks.push(...workflowFailures(index))
  return blocks
}

function interruption(result: RunResult): Block {
  const reached =
    result.simulatedUs < result.durationUs
      ? ` at ${instant(result.simulatedUs)} of ${formatDuration(result.durationUs)}`
      : ''
  const kept =
    result.replications > 1
      ? `these are the ${result.replications} replications that finished.`
      : 'these are the figures until then.'
  return {
    kind: 'verdict',
    tone: 'doubtful',
    text: `Interrupted${reached}: ${kept}`,
    lines: [],
  }
}

/** What went round, or failed again and again, until the run was given up. */
function undrained({ undrainedAfterUs, ledger, replications }: RunResult): Block[] {
  if (undrainedAfterUs === null) return []
  const left = ledger
    .filter(({ outcome }) => outcome === 'queued' || outcome === 'inFlight')
    .reduce((sum, row) => sum + row.count, 0)
  const text = `Not drained: ${formatDuration(undrainedAfterUs)} after the traffic had ended, ${count(left / replications)} were still waiting or in flight, and the run was given up.`
  const lines = [
    'A loop of events, or messages that always fail, may go on for ever. Where it only takes longer, a higher maximumDrain lets it.',
  ]
  return [{ kind: 'verdict', tone: 'bad', text, lines }]
}

/** When what had been waiting was gone. */
function drained({ drainedAfterUs, undrainedAfterUs, durationUs, backlogs }: RunResult): Block[] {
  if (drainedAfterUs === null || undrainedAfterUs !== null || backlogs.length === 0) return []
  const at = formatDuration(durationUs + drainedAfterUs)
  const text =
    drainedAfterUs === 0
      ? `Nothing was left to do when the traffic ended, at ${at}.`
      : `The last of what waited was gone at ${at}, ${formatDuration(drainedAfterUs)} after the traffic had ended.`
  return [{ kind: 'verdict', tone: 'good', text, lines: [] }]
}

/** Records of one function together; functions and their records by count, highest first. */
function throttlesByFunction(throttles: readonly ThrottleRecord[]): ThrottleRecord[][] {
  const groups = new Map<string, ThrottleRecord[]>()
  for (const record of throttles) {
    if (record.count === 0) continue
    const group = groups.get(record.functionName)
    if (group === undefined) groups.set(record.functionName, [record])
    else group.push(record)
  }
  const total = (records: readonly ThrottleRecord[]) =>
    records.reduce((sum, record) => sum + record.count, 0)
  const sorted = [...groups.values()]
  for (const records of sorted) records.sort((a, b) => b.count - a.count)
  return sorted.sort((a, b) => total(b) - total(a))
}

/** The cause of a reserved concurrency of 0. */
const SWITCHED_OFF = 'reserved-zero'

function throttleVerdict(
  result: RunResult,
  index: ResultIndex,
  records: readonly ThrottleRecord[],
  causesTold: ReadonlySet<string>,
): Block {
  const main = records[0]!
  const name = main.functionName
  const first = Math.min(...records.map((record) => record.firstUs))
  const last = Math.max(...records.map((record) => record.lastUs))
  const when =
    instant(first) === instant(last)
      ? `at ${instant(first)}`
      : `from ${instant(first)} to ${instant(last)}`
  const { label, cure } = throttleCause(main.cause)
  const lines = causesTold.has(main.cause)
    ? [`${label}, as above.`]
    : [
        ...records.slice(0, CAUSES_TOLD).flatMap((record) => causeLines(result, record)),
        `It would have taken ${cure(name)}`,
      ]
  const queueEvents = throttledQueueEvents(index, name)
  const counted = records.reduce((sum, record) => sum + record.count, 0)
  const retried = records.reduce((sum, record) => sum + record.retriedCount, 0)
  const isAllRetried = retried === counted
  return {
    kind: 'verdict',
    tone: isAllRetried ? 'doubtful' : 'bad',
    text: `${name} throttled ${throttledShare(result, index, name)}, ${when}.${fateOf(retried, isAllRetried, hasLosses(result))}`,
    lines: [
      ...lines,
      ...queueEvents.map((event) => receivesUsedUp(index, event, main.cause === SWITCHED_OFF)),
    ],
  }
}

/** What becomes of refused attempts that a queue or a poller makes again. */
function fateOf(retried: number, isAll: boolean, areSomeLost: boolean): string {
  if (retried === 0) return ''
  const subject = isAll ? 'All' : `${count(retried)} of them`
  return areSomeLost
    ? ` ${subject} are tried again; what was given up all the same is said above.`
    : ` ${subject} are retried, not lost.`
}

/** Events by which a queue's batches were refused: only those of queues delete messages. */
function throttledQueueEvents(index: ResultIndex, functionName: string): readonly string[] {
  return index.names('event').filter((name) => {
    const value = (metric: string) => index.value('event', name, metric, 'sum')
    const isOfQueue = value('DeletedEventCount') !== undefined
    return name.startsWith(`${functionName}.`) && isOfQueue && (value('ThrottledBatches') ?? 0) > 0
  })
}

/** What most people learn from a dead-letter queue full of good messages. */
function receivesUsedUp(index: ResultIndex, eventName: string, isOff: boolean): string {
  const [functionName, event] = eventName.split('.')
  const path = `functions.${functionName}.events.${event}`
  const isProvisioned = index.value('event', eventName, 'ProvisionedPollers', 'maximum')
  const cure =
    isProvisioned === undefined
      ? `${path}.scalingConfig.maximumConcurrency`
      : `a lower ${path}.provisionedPollerConfig.maximumPollers (10 batches each)`
  const keeper = isOff ? `${path}.enabled: false` : cure
  return `A batch that is refused until its visibility timeout is over uses up a receive of its messages, and no code has run: ${keeper} keeps them in the queue instead.`
}

/** "12,431 of 402,118 attempts (3.1%)": attempts are the share's own denominator. */
function throttledShare(result: RunResult, index: ResultIndex, name: string): string {
  const throttles = index.value('function', name, 'Throttles', 'sum') ?? 0
  const invocations = index.value('function', name, 'Invocations', 'sum') ?? 0
  const share = index.value('function', name, 'Throttles', 'share')
  if (throttles === 0) return 'during the warm-up only'
  const attempts = countOf(invocations + throttles, 'attempt')
  const inShare = share === undefined ? '' : ` (${percent(share)})`
  const after = result.warmUpUs > 0 ? ' after the warm-up' : ''
  return `${count(throttles)} of ${attempts}${inShare}${after}`
}

function causeLines(result: RunResult, record: ThrottleRecord): string[] {
  const { label } = throttleCause(record.cause)
  const period = formatDuration(result.metricsPeriodUs)
  const worst = `most in the ${period} from ${instant(record.peakPeriodStartUs)}`
  return [
    `${count(record.count)} by ${label}${result.warmUpUs > 0 ? ' in the whole run' : ''}, ${worst} (${count(record.peakPeriodCount)}).`,
    `AWS gives the reason ${record.reason}.`,
  ]
}

function nothingThrottled({ ledger }: RunResult, index: ResultIndex): Block {
  // Whoever hands messages on gets no answer but that they are taken.
  const handsOn = (name: string) =>
    ledger.some((row) => row.scope === 'traffic' && row.name === name && row.outcome === 'handedOn')
  const rateOf = (name: string) => index.value('traffic', name, 'SuccessRate', 'share') ?? 1
  const worstFirst = [...index.names('traffic')].sort((a, b) => rateOf(a) - rateOf(b))
  const parts = worstFirst.flatMap((name) => {
    const requests = index.value('traffic', name, 'Requests', 'sum')
    if (requests === undefined) return []
    const rate = index.value('traffic', name, 'SuccessRate', 'share')
    const share = rate === undefined ? '' : `, ${percent(rate)}`
    if (handsOn(name)) {
      const taken = share === '' ? '' : `${share} were taken`
      return [`${name} sent ${countOf(requests, 'message')}${taken}.`]
    }
    const succeeded = share === '' ? '' : `${share} succeeded`
    return [`${name} made ${countOf(requests, 'request')}${succeeded}.`]
  })
  return {
    kind: 'verdict',
    tone: 'good',
    text: ['Nothing was throttled.', ...parts.slice(0, CALLERS_TOLD)].join(' '),
    lines: [],
  }
}

/** Not refused, but perhaps cold, although somebody pays for it to be warm. */
function spillovers(index: ResultIndex): Block[] {
  return index.names('alias').flatMap((name): Block[] => {
    const sum = (metric: string) => index.value('alias', name, metric, 'sum') ?? 0
    const spilled = sum('ProvisionedConcurrencySpilloverInvocations')
    if (spilled === 0) return []
    const served = sum('ProvisionedConcurrencyInvocations')
    const text = `${name} spilled ${countOf(spilled, 'invocation')} over to on-demand concurrency; its provisioned concurrency served ${count(served)}.`
    return [{ kind: 'verdict', tone: 'doubtful', text, lines: [] }]
  })
}

/** Paid for, taken from what others may use, and of no use: mostly traffic to another qualifier. */
function unusedProvisioned(result: RunResult, index: ResultIndex): Block[] {
  return result.headroom.flatMap(({ scope, name, available }): Block[] => {
    const served = index.value('alias', name, 'ProvisionedConcurrencyInvocations', 'sum')
    if (scope !== 'alias' || available === 0 || served !== 0) return []
    const text = `${name} has a provisioned concurrency of ${count(available)} that no request used.`
    return [{ kind: 'verdict', tone: 'doubtful', text, lines: [] }]
  })
}

/** Functions with errors, for a reader who would look for them in the table too late. */
function failureLines(index: ResultIndex): string[] {
  const failed = index.names('function').flatMap((name) => {
    const share = index.value('function', name, 'Errors', 'share') ?? 0
    const errors = index.value('function', name, 'Errors', 'sum') ?? 0
    return errors === 0 ? [] : [{ name, share, errors }]
  })
  failed.sort((one, other) => other.share - one.share)
  const lines = failed
    .slice(0, FAILURES_TOLD)
    .map(
      ({ name, share, errors }) =>
        `${name} failed ${countOf(errors, 'invocation')} (${percent(share)}).`,
    )
  const others = failed.length - lines.length
  return others === 0 ? lines : [...lines, `So did ${count(others)} more functions.`]
}
