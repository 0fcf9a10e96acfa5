import { TimeWeighted } from '../../../stats/time-weighted.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, GaugeSeries } from '../../metrics/series.ts'
import type { SqsState } from './sqs-hold.ts'

type Places = Pick<SqsState, 'isReading' | 'busy' | 'target'>

/** The metrics and the meter of an event source mapping that reads a queue. */
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
  /** Places without a batch: each waits in a long poll. */
  private readonly idle = new TimeWeighted(0, 0)

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

  occupied(nowUs: number, state: Places): void {
    this.concurrency.set(state.busy)
    this.readingChanged(nowUs, state)
  }

  targetChanged(nowUs: number, state: Places): void {
    const { pollers, places } = state.target
    this.target.set(places)
    this.pollers?.set(pollers!)
    this.readingChanged(nowUs, state)
  }

  readingChanged(nowUs: number, { isReading, target, busy }: Places): void {
    this.idle.set(nowUs, isReading ? Math.max(0, target.places - busy) : 0)
  }

  /** Idle places x us until now. */
  idleTotal(nowUs: number): number {
    return this.idle.integral(nowUs)
  }
}
