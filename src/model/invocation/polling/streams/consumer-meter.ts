import type { LambdaFunction } from '../../../compute/lambda-function.ts'
import type { Recorder } from '../../../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../../../metrics/series.ts'

/** The metrics of one event source mapping that reads a stream. */
export class ConsumerMeter {
  /** The event's and the function's; Kafka has offsets instead. */
  private readonly iteratorAges: readonly DurationSeries[]
  private readonly polled: CounterSeries
  /** Payload of what was polled. */
  bytesRead = 0
  readonly filteredOut: CounterSeries
  readonly invoked: CounterSeries
  readonly failed: CounterSeries
  readonly dropped: CounterSeries
  readonly destinationDelivered: CounterSeries
  readonly committed: CounterSeries | null
  readonly pollers: GaugeSeries | null
  readonly throttled: CounterSeries
  readonly concurrency: GaugeSeries
  readonly batches: CounterSeries

  constructor(
    recorder: Recorder,
    owner: LambdaFunction,
    name: string,
    hasOffsets: boolean,
    hasProvisionedPollers: boolean,
  ) {
    const counter = (metric: string) => recorder.counter('event', name, metric)
    if (!hasOffsets) {
      owner.iteratorAge ??= recorder.duration('function', owner.name, 'IteratorAge')
    }
    this.iteratorAges =
      hasOffsets || owner.iteratorAge === null
        ? []
        : [owner.iteratorAge, recorder.duration('event', name, 'IteratorAge')]
    this.polled = counter('PolledEventCount')
    this.filteredOut = counter('FilteredOutEventCount')
    this.invoked = counter('InvokedEventCount')
    this.failed = counter('FailedInvokeEventCount')
    this.dropped = counter('DroppedEventCount')
    this.destinationDelivered = counter('OnFailureDestinationDeliveredEventCount')
    this.committed = hasOffsets ? counter('CommittedEventCount') : null
    this.pollers = hasProvisionedPollers
      ? recorder.gauge('event', name, 'ProvisionedPollers')
      : null
    this.throttled = counter('ThrottledBatches')
    this.concurrency = recorder.gauge('event', name, 'PollerConcurrency')
    this.batches = counter('Batches')
  }

  read(records: number, bytes: number): void {
    this.polled.add(records)
    this.bytesRead += bytes
  }

  sent(records: number, ageUs: number): void {
    this.batches.add(1)
    this.invoked.add(records)
    if (records === 0) return
    for (const series of this.iteratorAges) series.record(ageUs)
  }
}
