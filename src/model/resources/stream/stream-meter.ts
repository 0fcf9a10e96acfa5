import { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../../metrics/series.ts'

/** The metrics and the ledger of one stream. */
export class StreamMeter {
  readonly ledger: Ledger
  readonly records: CounterSeries
  readonly bytes: CounterSeries
  /** null where shards have no limits. */
  readonly writesExceeded: CounterSeries | null
  readonly readsExceeded: CounterSeries | null
  readonly openShards: GaugeSeries
  readonly endToEnd: DurationSeries
  readonly loss: CounterSeries

  constructor(recorder: Recorder, scope: 'stream' | 'table', name: string, isLimited: boolean) {
    this.ledger = new Ledger(scope, name)
    this.records = recorder.counter(scope, name, 'IncomingRecords')
    this.bytes = recorder.counter(scope, name, 'IncomingBytes')
    this.writesExceeded = isLimited
      ? recorder.counter(scope, name, 'WriteProvisionedThroughputExceeded')
      : null
    this.readsExceeded = isLimited
      ? recorder.counter(scope, name, 'ReadProvisionedThroughputExceeded')
      : null
    this.openShards = recorder.gauge(scope, name, 'OpenShards')
    this.endToEnd = recorder.duration(scope, name, 'EndToEndLatency')
    this.loss = recorder.counter(scope, name, 'DeliveryLoss')
  }
}
