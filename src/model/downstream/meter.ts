import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../metrics/series.ts'
import {
  CALL_FAILED,
  CALL_REFUSED,
  CALL_SUCCEEDED,
  CALL_THROTTLED,
  CALL_TIMED_OUT,
  type CallOutcome,
} from './calls.ts'

/** The metrics of one downstream, and its own count of what came and went. */
export class DownstreamMeter {
  begun = 0
  ended = 0
  /** Calls whose caller still waits. */
  private readonly open: GaugeSeries
  private readonly calls: CounterSeries
  private readonly failures: CounterSeries
  private readonly throttles: CounterSeries
  private readonly refusals: CounterSeries
  private readonly timeouts: CounterSeries
  private readonly latency: DurationSeries

  constructor(recorder: Recorder, name: string) {
    this.open = recorder.gauge('downstream', name, 'OpenCalls')
    this.calls = recorder.counter('downstream', name, 'Calls')
    this.failures = recorder.counter('downstream', name, 'CallFailures')
    this.throttles = recorder.counter('downstream', name, 'CallThrottles')
    this.refusals = recorder.counter('downstream', name, 'CallRefusals')
    this.timeouts = recorder.counter('downstream', name, 'CallTimeouts')
    this.latency = recorder.duration('downstream', name, 'CallLatency')
  }

  begin(): void {
    this.begun++
    this.calls.add(1)
    this.open.add(1)
  }

  end(outcome: CallOutcome, latencyUs: number): void {
    this.ended++
    this.open.add(-1)
    switch (outcome) {
      case CALL_SUCCEEDED:
        this.latency.record(latencyUs)
        break
      // Its time says nothing of the service: an outage answers at once, a borrow timeout late.
      case CALL_FAILED:
        this.failures.add(1)
        break
      case CALL_THROTTLED:
        this.throttles.add(1)
        break
      case CALL_REFUSED:
        this.refusals.add(1)
        break
      case CALL_TIMED_OUT:
        this.timeouts.add(1)
        break
    }
  }
}
