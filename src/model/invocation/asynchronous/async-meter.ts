import { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, DurationSeries } from '../../metrics/series.ts'
import { furtherRequests } from './event-requests.ts'

/** The metrics and the ledger of a function's asynchronous events, over all its qualifiers. */
export class AsyncMeter {
  readonly ledger: Ledger
  /** Qualifiers whose share of the book is still to come at the run's end. */
  openQualifiers = 0
  private readonly received: CounterSeries
  readonly age: DurationSeries
  readonly dropped: CounterSeries
  readonly retriesExhausted: CounterSeries
  readonly ageExceeded: CounterSeries
  readonly deadLetterErrors: CounterSeries
  readonly destinationFailures: CounterSeries
  readonly endToEnd: DurationSeries
  readonly loss: CounterSeries
  duplicates: CounterSeries | null = null
  /** What large events are billed for beside their invocations. */
  furtherRequests = 0
  private readonly functionName: string

  constructor(recorder: Recorder, functionName: string) {
    this.functionName = functionName
    this.ledger = new Ledger('function', functionName)
    this.received = recorder.counter('function', functionName, 'AsyncEventsReceived')
    this.age = recorder.duration('function', functionName, 'AsyncEventAge')
    this.dropped = recorder.counter('function', functionName, 'AsyncEventsDropped')
    this.retriesExhausted = recorder.counter('function', functionName, 'RetriesExhausted')
    this.ageExceeded = recorder.counter('function', functionName, 'EventAgeExceeded')
    this.deadLetterErrors = recorder.counter('function', functionName, 'DeadLetterErrors')
    this.destinationFailures = recorder.counter(
      'function',
      functionName,
      'DestinationDeliveryFailures',
    )
    this.endToEnd = recorder.duration('function', functionName, 'EndToEndLatency')
    this.loss = recorder.counter('function', functionName, 'DeliveryLoss')
  }

  receive(bytes: number): void {
    this.received.add(1)
    this.furtherRequests += furtherRequests(bytes)
  }

  /** Some events are delivered twice. */
  countDuplicates(recorder: Recorder): void {
    this.duplicates ??= recorder.counter('function', this.functionName, 'DuplicateDeliveries')
  }
}
