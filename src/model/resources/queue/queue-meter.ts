import { Ledger } from '../../metrics/ledger.ts'
import type { Recorder } from '../../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../../metrics/series.ts'
import { BilledRequests } from './billed-requests.ts'

/** The metrics and the ledger of a queue. */
export class QueueMeter {
  readonly ledger: Ledger
  readonly requests = new BilledRequests()
  private readonly sent: CounterSeries
  private readonly received: CounterSeries
  readonly deleted: CounterSeries
  private readonly deadLettered: CounterSeries
  readonly expired: CounterSeries
  readonly loss: CounterSeries
  readonly duplicates: CounterSeries
  readonly endToEnd: DurationSeries
  /** The most messages that were in flight at once. */
  mostInFlight = 0
  private readonly visible: GaugeSeries
  private readonly notVisible: GaugeSeries
  private readonly delayed: GaugeSeries

  /** `ageUs` answers how old the oldest message is. */
  constructor(recorder: Recorder, name: string, ageUs: (nowUs: number) => number | undefined) {
    this.ledger = new Ledger('queue', name)
    this.sent = recorder.counter('queue', name, 'NumberOfMessagesSent')
    this.received = recorder.counter('queue', name, 'NumberOfMessagesReceived')
    this.deleted = recorder.counter('queue', name, 'NumberOfMessagesDeleted')
    this.deadLettered = recorder.counter('queue', name, 'MessagesDeadLettered')
    this.expired = recorder.counter('queue', name, 'MessagesExpired')
    this.loss = recorder.counter('queue', name, 'DeliveryLoss')
    this.duplicates = recorder.counter('queue', name, 'DuplicateDeliveries')
    this.endToEnd = recorder.duration('queue', name, 'EndToEndLatency')
    this.visible = recorder.gauge('queue', name, 'ApproximateNumberOfMessagesVisible')
    this.notVisible = recorder.gauge('queue', name, 'ApproximateNumberOfMessagesNotVisible')
    this.delayed = recorder.gauge('queue', name, 'ApproximateNumberOfMessagesDelayed')
    recorder.sampled('queue', name, 'ApproximateAgeOfOldestMessage', (nowUs) => {
      const us = ageUs(nowUs)
      return us === undefined ? undefined : us / US_PER_MS
    })
  }

  send(bytes: number): void {
    this.sent.add(1)
    this.requests.send(bytes)
  }

  /** One receive is over. */
  receive(messages: number): void {
    this.received.add(messages)
    this.requests.receive()
  }

  /** A message that the reader filtered out, and deletes. */
  filterOut(): void {
    this.deleted.add(1)
    this.requests.filteredOut++
  }

  deadLetter(): void {
    this.deadLettered.add(1)
    this.loss.add(1)
    this.ledger.settle('deadLettered')
  }

  show(visible: number, notVisible: number, delayed: number): void {
    this.visible.set(visible)
    this.notVisible.set(notVisible)
    if (notVisible > this.mostInFlight) this.mostInFlight = notVisible
    this.delayed.set(delayed)
  }
}

const US_PER_MS = 1_000
