/** The metrics and the books of one state machine. */
import { Ledger, type LedgerOutcome } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../metrics/series.ts'
import { metricsOf } from './metrics.ts'
import type { StateMachineProgram } from './program.ts'

export type Closing = 'succeeded' | 'failed' | 'timedOut' | 'aborted'

/** Ledger words: what was stopped from outside is dropped. */
const OUTCOMES: Readonly<Record<Closing, LedgerOutcome>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timedOut: 'timedOut',
  aborted: 'dropped',
}

/** What AWS counts for the bill; of which some matters by the type of the workflow. */
export interface BilledWork {
  /** Of Standard workflows. */
  transitions: number
  /** Of Express workflows: executions, and how long they took, each rounded up to 100 ms. */
  requests: number
  durationMs: number
}

const BILLED_STEP_US = 100_000
const US_PER_MS = 1_000

export class WorkflowMeter {
  readonly ledger: Ledger
  /** Of the whole run, for the bill. */
  readonly billed: BilledWork = { transitions: 0, requests: 0, durationMs: 0 }
  readonly throttled: CounterSeries | null
  readonly refused: CounterSeries
  readonly duplicates: CounterSeries | null
  readonly redriven: CounterSeries | null
  readonly sendTaskThrottled: CounterSeries | null
  readonly children: CounterSeries | null
  readonly open: GaugeSeries
  readonly functions: CallMeter | null
  readonly services: CallMeter | null
  private readonly started: CounterSeries
  private readonly closed: Readonly<Record<Closing, CounterSeries>>
  private readonly time: DurationSeries
  private readonly transitions: CounterSeries
  private readonly billedDuration: CounterSeries | null
  private readonly stateTimes: readonly (DurationSeries | null)[]
  private readonly stateRetries: readonly (CounterSeries | null)[]

  constructor(
    recorder: Recorder,
    name: string,
    program: StateMachineProgram,
    metrics: readonly string[],
  ) {
    const counter = (metric: string) => recorder.counter('stateMachine', name, metric)
    const optional = (metric: string) => (metrics.includes(metric) ? counter(metric) : null)
    this.ledger = new Ledger('stateMachine', name)
    this.started = counter('ExecutionsStarted')
    this.closed = {
      succeeded: counter('ExecutionsSucceeded'),
      failed: counter('ExecutionsFailed'),
      timedOut: counter('ExecutionsTimedOut'),
      aborted: counter('ExecutionsAborted'),
    }
    this.throttled = optional('ExecutionThrottled')
    this.time = recorder.duration('stateMachine', name, 'ExecutionTime')
    this.functions = metrics.includes('LambdaFunctionsScheduled')
      ? new CallMeter(recorder, name, 'LambdaFunction', true)
      : null
    this.services = metrics.includes('ServiceIntegrationsScheduled')
      ? new CallMeter(recorder, name, 'ServiceIntegration', false)
      : null
    this.refused = counter('ExecutionsRefused')
    this.redriven = optional('ExecutionsRedriven')
    this.sendTaskThrottled = optional('SendTaskThrottled')
    this.duplicates = optional('DuplicateExecutions')
    this.children = optional('ChildExecutionsStarted')
    this.transitions = counter('StateTransitions')
    this.billedDuration = optional('ExpressExecutionBilledDuration')
    this.open = recorder.gauge('stateMachine', name, 'OpenExecutions')
    const states = metricsOf(program)
    this.stateTimes = states.map(({ place, takesTime }) =>
      takesTime ? recorder.duration('stateMachine', `${name}.${place}`, 'StateTime') : null,
    )
    this.stateRetries = states.map(({ place, isRetried }) =>
      isRetried ? recorder.counter('stateMachine', `${name}.${place}`, 'StateRetries') : null,
    )
  }

  start(isEntered: boolean): void {
    if (isEntered) this.ledger.entered++
    this.started.add(1)
    this.open.add(1)
  }

  end(closing: Closing, isEntered: boolean, lengthUs: number): void {
    if (isEntered) this.ledger.settle(OUTCOMES[closing])
    this.closed[closing].add(1)
    this.time.record(lengthUs)
    if (this.billedDuration !== null) this.bill(lengthUs)
    this.open.add(-1)
  }

  transit(isBilled: boolean): void {
    this.transitions.add(1)
    if (isBilled) this.billed.transitions++
  }

  /** An Express execution ended, perhaps one that a distributed Map started. */
  bill(lengthUs: number): void {
    const billedMs = (Math.ceil(lengthUs / BILLED_STEP_US) * BILLED_STEP_US) / US_PER_MS
    this.billedDuration?.add(billedMs)
    this.billed.requests++
    this.billed.durationMs += billedMs
  }

  leave(state: number, lengthUs: number): void {
    this.stateTimes[state]?.record(lengthUs)
  }

  retry(state: number): void {
    this.stateRetries[state]?.add(1)
  }
}

/** Of calls of functions, or of other services. */
export class CallMeter {
  readonly scheduled: CounterSeries
  readonly started: CounterSeries | null
  readonly succeeded: CounterSeries
  readonly failed: CounterSeries
  readonly timedOut: CounterSeries
  readonly time: DurationSeries

  constructor(recorder: Recorder, name: string, prefix: string, hasStarts: boolean) {
    const counter = (ending: string) =>
      recorder.counter('stateMachine', name, `${prefix}s${ending}`)
    this.scheduled = counter('Scheduled')
    this.started = hasStarts ? counter('Started') : null
    this.succeeded = counter('Succeeded')
    this.failed = counter('Failed')
    this.timedOut = counter('TimedOut')
    this.time = recorder.duration('stateMachine', name, `${prefix}Time`)
  }
}
