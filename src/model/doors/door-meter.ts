import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries } from '../metrics/series.ts'
import type { Fate } from './fate.ts'
import type { DoorMetrics } from './protocol.ts'

/** The metrics of one door under the names that CloudWatch has for its kind. */
export class DoorMeter {
  private readonly requests: CounterSeries
  private readonly byFate: readonly (readonly CounterSeries[])[]
  private readonly latency: DurationSeries | null
  private readonly integrationLatency: DurationSeries | null

  constructor(recorder: Recorder, name: string, metrics: DoorMetrics, fates: number) {
    const durationOf = (metric: string | null) =>
      metric === null ? null : recorder.duration('api', name, metric)
    this.requests = recorder.counter('api', name, metrics.requests)
    const counters = metrics.fates.map(({ metric, of }) => ({
      counter: recorder.counter('api', name, metric),
      of,
    }))
    this.byFate = Array.from({ length: fates }, (_, fate) =>
      counters.flatMap(({ counter, of }) => (of.includes(fate as Fate) ? [counter] : [])),
    )
    this.latency = durationOf(metrics.latency)
    this.integrationLatency = durationOf(metrics.integrationLatency)
  }

  begin(): void {
    this.requests.add(1)
  }

  end(fate: Fate, latencyUs: number): void {
    for (const counter of this.byFate[fate]!) counter.add(1)
    this.latency?.record(latencyUs)
  }

  integrated(latencyUs: number): void {
    this.integrationLatency?.record(latencyUs)
  }
}

/** The metrics that a door has. */
export function metricsOfDoor(metrics: DoorMetrics): readonly string[] {
  const { requests, fates, latency, integrationLatency } = metrics
  const durations = [latency, integrationLatency].filter((metric) => metric !== null)
  return [requests, ...fates.map(({ metric }) => metric), ...durations]
}
