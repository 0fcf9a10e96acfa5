import type { LedgerOutcome } from '../metrics/ledger.ts'
import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { TrafficMeter } from '../traffic/traffic-meter.ts'
import type { ClientSettings } from './client-settings.ts'

/** How a request without success ended. */
export type Failing = 'failed' | 'throttled' | 'timedOut' | 'rejected'

/** The metrics and the ledger of a producer whose requests may take several attempts. */
export class CallerMeter extends TrafficMeter {
  private rejected = 0
  private readonly timeouts: CounterSeries | null
  private readonly duplicates: CounterSeries | null
  private readonly retries: CounterSeries | null
  private readonly recovered: CounterSeries | null
  private readonly recoveredThrottled: CounterSeries | null
  private readonly quotaExhausted: CounterSeries | null
  private readonly refusals: readonly CounterSeries[]

  constructor(recorder: Recorder, name: string, client: ClientSettings) {
    super(recorder, name)
    const counters = new Map(
      metricsOfClient(client).map((metric) => [metric, recorder.counter('traffic', name, metric)]),
    )
    const counter = (metric: string) => counters.get(metric) ?? null
    this.timeouts = counter('ClientTimeouts')
    this.duplicates = counter('DuplicateInvocations')
    this.retries = counter('Retries')
    this.recovered = counter('SucceededAfterRetries')
    this.recoveredThrottled = counter('SucceededAfterThrottles')
    this.quotaExhausted = counter('RetryQuotaExhausted')
    this.refusals = client.guards.map(({ metric }) => counters.get(metric)!)
  }

  /** A request; its first attempt may be refused before it is made. */
  begin(): void {
    this.entered++
    this.requests.add(1)
  }

  attempt(number: number): void {
    this.attempts.add(1)
    if (number > 1) this.retries!.add(1)
  }

  timedOutAtClient(): void {
    this.timeouts!.add(1)
  }

  duplicated(): void {
    this.duplicates!.add(1)
  }

  exhaustedQuota(): void {
    this.quotaExhausted!.add(1)
  }

  /** By the guard at this place of the settings' list. */
  refusedBy(guard: number): void {
    this.refusals[guard]!.add(1)
  }

  succeed(latencyUs: number, attempts: number, throttles: number): void {
    this.succeedAfter(latencyUs)
    if (attempts > 1) this.recovered!.add(1)
    if (throttles > 0) this.recoveredThrottled!.add(1)
  }

  fail(how: Failing, latencyUs: number): void {
    if (how === 'rejected') this.rejected++
    else this.ledger[how]++
    if (how === 'throttled') this.throttledRequests.add(1)
    this.failAfter(latencyUs)
  }

  override countOf(outcome: LedgerOutcome): number {
    return outcome === 'rejected' ? this.rejected : super.countOf(outcome)
  }
}

/** The metrics that a producer has beside those of all callers. */
export function metricsOfClient({ guards, retry, timeoutUs }: ClientSettings): readonly string[] {
  return [
    ...(retry === null
      ? []
      : [
          'Retries',
          'SucceededAfterRetries',
          'SucceededAfterThrottles',
          'DuplicateInvocations',
          ...(retry.quota === null ? [] : ['RetryQuotaExhausted']),
        ]),
    ...(timeoutUs < Number.POSITIVE_INFINITY ? ['ClientTimeouts'] : []),
    ...guards.map(({ metric }) => metric),
  ]
}
