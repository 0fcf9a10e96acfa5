import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../../metrics/series.ts'

/** Of the reads, or of the writes, of a table. */
export interface UnitMeter {
  readonly consumed: CounterSeries
  readonly throttles: CounterSeries
  readonly partitionThrottles: CounterSeries
  /** null: on demand. */
  readonly provisioned: GaugeSeries | null
}

/** Metrics of every table, beside those of its change stream. */
export const REQUEST_METRICS: readonly string[] = [
  'ConsumedReadCapacityUnits',
  'ConsumedWriteCapacityUnits',
  'ReadThrottleEvents',
  'WriteThrottleEvents',
  'ReadKeyRangeThroughputThrottleEvents',
  'WriteKeyRangeThroughputThrottleEvents',
  'ThrottledRequests',
  'SuccessfulRequestLatency',
  'Calls',
  'CallFailures',
  'CallTimeouts',
  'OpenCalls',
]

/** Of one that is provisioned. */
export const PROVISIONED_METRICS: readonly string[] = [
  'ProvisionedReadCapacityUnits',
  'ProvisionedWriteCapacityUnits',
]

/** The metrics of one table's requests, and its own count of calls. */
export class TableMeter {
  readonly reads: UnitMeter
  readonly writes: UnitMeter
  /** Every request, of producers, too. */
  readonly requests: CounterSeries
  readonly failures: CounterSeries
  readonly timeouts: CounterSeries
  readonly throttledRequests: CounterSeries
  readonly latency: DurationSeries
  /** Calls whose caller still waits. */
  readonly open: GaugeSeries
  begun = 0
  ended = 0

  constructor(recorder: Recorder, name: string, isProvisioned: boolean) {
    const counter = (metric: string): CounterSeries => recorder.counter('table', name, metric)
    const units = (kind: 'Read' | 'Write'): UnitMeter => ({
      consumed: counter(`Consumed${kind}CapacityUnits`),
      throttles: counter(`${kind}ThrottleEvents`),
      partitionThrottles: counter(`${kind}KeyRangeThroughputThrottleEvents`),
      provisioned: isProvisioned
        ? recorder.gauge('table', name, `Provisioned${kind}CapacityUnits`)
        : null,
    })
    this.reads = units('Read')
    this.writes = units('Write')
    this.requests = counter('Calls')
    this.failures = counter('CallFailures')
    this.timeouts = counter('CallTimeouts')
    this.throttledRequests = counter('ThrottledRequests')
    this.latency = recorder.duration('table', name, 'SuccessfulRequestLatency')
    this.open = recorder.gauge('table', name, 'OpenCalls')
  }

  beginCall(): void {
    this.begun++
    this.requests.add(1)
    this.open.add(1)
  }

  /** Answered, or given up by its caller. */
  endCall(): void {
    this.ended++
    this.open.add(-1)
  }
}
