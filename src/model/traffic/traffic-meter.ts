import { SUCCEEDED, TIMED_OUT } from '../invocation/outcome.ts'
import { type Book, checkBook, type LedgerOutcome } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries } from '../metrics/series.ts'

/**
 * The metrics and the ledger of one producer whose requests are single attempts. What is protected
 * serves callers that try again.
 */
export class TrafficMeter implements Book {
  readonly scope = 'traffic'
  readonly name: string
  entered = 0
  /** Fields of its own and not a Ledger: this is counted with every request. */
  protected readonly ledger = { succeeded: 0, failed: 0, throttled: 0, timedOut: 0, inFlight: 0 }
  protected readonly requests: CounterSeries
  protected readonly attempts: CounterSeries
  private readonly succeeded: CounterSeries
  private readonly failed: CounterSeries
  protected readonly throttledRequests: CounterSeries
  private readonly unfinished: CounterSeries
  private readonly latency: DurationSeries
  private readonly latencyFailed: DurationSeries

  constructor(recorder: Recorder, name: string) {
    this.name = name
    this.requests = recorder.counter('traffic', name, 'Requests')
    this.attempts = recorder.counter('traffic', name, 'Attempts')
    this.succeeded = recorder.counter('traffic', name, 'Succeeded')
    this.failed = recorder.counter('traffic', name, 'Failed')
    this.throttledRequests = recorder.counter('traffic', name, 'ThrottledRequests')
    this.unfinished = recorder.counter('traffic', name, 'Unfinished')
    this.latency = recorder.duration('traffic', name, 'ClientLatency')
    this.latencyFailed = recorder.duration('traffic', name, 'ClientLatencyFailed')
    recorder.counter('traffic', name, 'SuccessRate')
  }

  enter(): void {
    this.entered++
    this.requests.add(1)
    this.attempts.add(1)
  }

  refused(): void {
    this.ledger.throttled++
    this.throttledRequests.add(1)
    this.failed.add(1)
    this.latencyFailed.record(0)
  }

  ended(outcome: number, latencyUs: number): void {
    if (outcome === SUCCEEDED) {
      this.succeedAfter(latencyUs)
      return
    }
    if (outcome === TIMED_OUT) this.ledger.timedOut++
    else this.ledger.failed++
    this.failAfter(latencyUs)
  }

  countOf(outcome: LedgerOutcome): number {
    return (this.ledger as Partial<Record<LedgerOutcome, number>>)[outcome] ?? 0
  }

  protected succeedAfter(latencyUs: number): void {
    this.ledger.succeeded++
    this.succeeded.add(1)
    this.latency.record(latencyUs)
  }

  protected failAfter(latencyUs: number): void {
    this.failed.add(1)
    this.latencyFailed.record(latencyUs)
  }

  /** At the run's end: the books must balance with what the engine counts in flight. */
  close(inFlight: number): void {
    this.ledger.inFlight = inFlight
    checkBook(this)
    this.unfinished.add(inFlight)
  }
}
