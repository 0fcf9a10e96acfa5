import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, GaugeSeries } from '../../metrics/series.ts'

/** The metrics of an event source mapping that reads a queue. */
export class SqsMeter {
  readonly polled: CounterSeries
  readonly filteredOut: CounterSeries
  readonly invoked: CounterSeries
  readonly failed: CounterSeries
  readonly deleted: CounterSeries
  readonly throttledBatches: CounterSeries
  readonly batches: CounterSeries
  readonly concurrency: GaugeSeries
  readonly target: GaugeSeries
  /** null without provisioned mode. */
  readonly pollers: GaugeSeries | null

  constructor(recorder: Recorder, name: string, isProvisioned: boolean) {
    this.polled = recorder.counter('event', name, 'PolledEventCount')
    this.filteredOut = recorder.counter('event', name, 'FilteredOutEventCount')
    this.invoked = recorder.counter('event', name, 'InvokedEventCount')
    this.failed = recorder.counter('event', name, 'FailedInvokeEventCount')
    this.deleted = recorder.counter('event', name, 'DeletedEventCount')
    this.throttledBatches = recorder.counter('event', name, 'ThrottledBatches')
    this.batches = recorder.counter('event', name, 'Batches')
    this.concurrency = recorder.gauge('event', name, 'PollerConcurrency')
    this.target = recorder.gauge('event', name, 'PollerConcurrencyTarget')
    this.pollers = isProvisioned ? recorder.gauge('event', name, 'ProvisionedPollers') : null
  }
}
