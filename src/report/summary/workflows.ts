/** State machines: their table, and what their quotas and errors did to executions. */
import type { Statistic } from '../../model/metrics/catalogue-entry.ts'
import type { Block, Row } from '../document.ts'
import { count, countOf, listed, milliseconds, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'
import { shortName, shown, table } from './tables.ts'

/** Reads the metrics of one state machine. */
class Reading {
  readonly name: string
  private readonly index: ResultIndex

  constructor(index: ResultIndex, name: string) {
    this.index = index
    this.name = name
  }

  value(metric: string, statistic: Statistic): number | undefined {
    return this.index.value('stateMachine', this.name, metric, statistic)
  }

  sum(metric: string): number {
    return this.value(metric, 'sum') ?? 0
  }

  /** Of its states together. */
  get retries(): number {
    const states = this.index
      .names('stateMachine')
      .filter((other) => other.startsWith(`${this.name}.`))
    const of = (state: string) =>
      this.index.value('stateMachine', state, 'StateRetries', 'sum') ?? 0
    return states.reduce((sum, state) => sum + of(state), 0)
  }
}

/** The machines alone: their states have rows of their own. */
function readings(index: ResultIndex): readonly Reading[] {
  return index
    .names('stateMachine')
    .map((name) => new Reading(index, name))
    .filter((reading) => reading.value('ExecutionsStarted', 'sum') !== undefined)
}

/** One row per state machine. */
export function workflowBlocks(index: ResultIndex): Block[] {
  const rows = readings(index).map((reading): Row => {
    const started = reading.sum('ExecutionsStarted')
    const failed = reading.sum('ExecutionsFailed') + reading.sum('ExecutionsTimedOut')
    return {
      tone: failed > 0 ? 'bad' : 'plain',
      cells: [
        shortName(reading.name),
        count(started),
        count(reading.sum('ExecutionsSucceeded')),
        count(failed),
        shown(reading.value('ExecutionTime', 'p50'), milliseconds),
        shown(reading.value('ExecutionTime', 'p99'), milliseconds),
        count(reading.retries),
        shown(reading.value('OpenExecutions', 'maximum'), count),
      ],
    }
  })
  const titles = ['workflow', 'started', 'succeeded', 'failed', 'p50', 'p99', 'retries', 'peak']
  return table('State machines', titles, rows)
}

/** What a quota of Step Functions refused or delayed. */
export function workflowRefusals(index: ResultIndex): Block[] {
  return readings(index).flatMap((reading) => {
    const { name } = reading
    const refused = reading.sum('ExecutionsRefused')
    const delayed = reading.sum('ExecutionThrottled')
    const calls = refused + reading.sum('ExecutionsStarted')
    const blocks: Block[] = []
    if (refused > 0) {
      blocks.push({
        kind: 'verdict',
        tone: 'bad',
        text: `StartExecution refused ${count(refused)} of ${countOf(calls, 'call')} of ${name} (${percent(refused / calls)}): its token bucket was empty.`,
        lines: [
          'It would have taken a higher quota (account.stepFunctions), a queue in front, or an Express workflow where that is enough.',
        ],
      })
    }
    if (delayed > 0) {
      const transitions = reading.sum('StateTransitions')
      blocks.push({
        kind: 'verdict',
        tone: 'doubtful',
        text: `${name} waited for a token at ${count(delayed)} of ${countOf(transitions, 'state transition')} (${percent(delayed / transitions)}): its executions were delayed, none was lost.`,
        lines: [
          'It would have taken a higher quota (account.stepFunctions.stateTransition), fewer states, or an Express workflow, which has no such limit.',
        ],
      })
    }
    return blocks
  })
}

/** Executions that did not end well. */
export function workflowFailures(index: ResultIndex): Block[] {
  return readings(index).flatMap((reading): Block[] => {
    const failed = reading.sum('ExecutionsFailed')
    const timedOut = reading.sum('ExecutionsTimedOut')
    const stopped = reading.sum('ExecutionsAborted')
    if (failed + timedOut + stopped === 0) return []
    const started = countOf(reading.sum('ExecutionsStarted'), 'execution')
    const parts = [
      ...(failed > 0 ? [`${count(failed)} failed`] : []),
      ...(timedOut > 0 ? [`${count(timedOut)} timed out`] : []),
      ...(stopped > 0 ? [`${count(stopped)} were stopped by what had waited for them`] : []),
    ]
    const redriven = reading.sum('ExecutionsRedriven')
    const again = redriven > 0 ? `, ${count(redriven)} of them redriven,` : ''
    const text = `Of ${started} of ${reading.name}${again} ${listed(parts)}.`
    return [{ kind: 'verdict', tone: 'bad', text, lines: [] }]
  })
}
