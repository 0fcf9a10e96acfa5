import { Ledger } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { type Acceptance, REJECTED, THROTTLED } from '../resources/target.ts'

/**
 * The metrics and the ledger of a producer that hands its requests on. How long a send takes is not
 * simulated, so it has no latency.
 */
export class HandoverMeter {
  readonly ledger: Ledger
  private readonly requests: CounterSeries
  private readonly attempts: CounterSeries
  private readonly succeeded: CounterSeries
  private readonly failed: CounterSeries
  private readonly throttledRequests: CounterSeries

  constructor(recorder: Recorder, name: string) {
    this.ledger = new Ledger('traffic', name)
    this.requests = recorder.counter('traffic', name, 'Requests')
    this.attempts = recorder.counter('traffic', name, 'Attempts')
    this.succeeded = recorder.counter('traffic', name, 'Succeeded')
    this.failed = recorder.counter('traffic', name, 'Failed')
    this.throttledRequests = recorder.counter('traffic', name, 'ThrottledRequests')
    recorder.counter('traffic', name, 'SuccessRate')
  }

  enter(): void {
    this.ledger.entered++
    this.requests.add(1)
    this.attempts.add(1)
  }

  accepted(): void {
    this.ledger.counts.handedOn++
    this.succeeded.add(1)
  }

  refused(acceptance: Acceptance): void {
    this.failed.add(1)
    if (acceptance === THROTTLED) {
      this.ledger.settle('throttled')
      this.throttledRequests.add(1)
    } else this.ledger.settle(acceptance === REJECTED ? 'rejected' : 'failed')
  }
}
