import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../metrics/series.ts'
import { type Fate, fatesOf, type StatusCodes } from './fate.ts'
import type { DoorMetrics } from './protocol.ts'
import type { Purpose } from './visitor.ts'

/** The metrics of one door under the names that CloudWatch has for its kind. */
export class DoorMeter {
  /** Of a door with connections. */
  readonly connections: {
    readonly active: GaugeSeries
    readonly expired: CounterSeries
    readonly idle: CounterSeries
  } | null
  private readonly begun: Readonly<Record<Purpose, CounterSeries>>
  private readonly byFate: readonly (readonly CounterSeries[])[]
  private readonly latency: DurationSeries | null
  private readonly integrationLatency: DurationSeries | null

  constructor(recorder: Recorder, name: string, metrics: DoorMetrics, statusCodes: StatusCodes) {
    const durationOf = (metric: string | undefined) =>
      metric === undefined ? null : recorder.duration('api', name, metric)
    const counterOf = (metric: string) => recorder.counter('api', name, metric)
    const { requests, connects, disconnects, connections } = metrics
    const request = counterOf(requests)
    this.begun = {
      request,
      message: request,
      connect: connects === undefined ? request : counterOf(connects),
      disconnect: disconnects === undefined ? request : counterOf(disconnects),
    }
    this.connections =
      connections === undefined
        ? null
        : {
            active: recorder.gauge('api', name, connections.active),
            expired: counterOf(connections.expired),
            idle: counterOf(connections.idle),
          }
    const counters = metrics.errors.map(({ metric, of }) => ({
      counter: counterOf(metric),
      fates: typeof of === 'number' ? fatesOf(statusCodes, of) : of,
    }))
    this.byFate = statusCodes.map((_, fate) =>
      counters.flatMap(({ counter, fates }) => (fates.includes(fate as Fate) ? [counter] : [])),
    )
    this.latency = durationOf(metrics.latency)
    this.integrationLatency = durationOf(metrics.integrationLatency)
  }

  begin(purpose: Purpose): void {
    this.begun[purpose].add(1)
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
  const { requests, connects, disconnects, connections, errors } = metrics
  const { latency, integrationLatency } = metrics
  const named = [requests, connects, disconnects, latency, integrationLatency]
  return [
    ...named.filter((metric) => metric !== undefined),
    ...(connections === undefined ? [] : Object.values(connections)),
    ...errors.map(({ metric }) => metric),
  ]
}
