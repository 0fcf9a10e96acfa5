/** What a scenario amounts to, known before any run. */
import { metricsOfClient } from '../model/clients/caller-meter.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { METRICS, statisticsOf, timeSeriesStatisticsOf } from '../model/metrics/catalogue.ts'
import { CLIENT_METRICS } from '../model/metrics/catalogue-clients.ts'
import { COMPUTE_METRICS, cureMetricsOf } from '../model/metrics/catalogue-compute.ts'
import type { MetricEntry, Scope } from '../model/metrics/catalogue-entry.ts'
import { MESSAGING_METRICS } from '../model/metrics/catalogue-messaging.ts'

export interface Expectation {
  readonly name: string
  readonly durationUs: number
  readonly functionCount: number
  readonly producerCount: number
  /** Mean over runs; null where a producer's number is not known before the run. */
  readonly requests: number | null
  readonly periods: number
  /**
   * At most until `duration`, per replication with a time series: a metric without a sample has
   * no row. Periods that a run needs to drain come on top.
   */
  readonly metricRows: number
  readonly drains: boolean
}

export function expectationOf(
  compiled: CompiledScenario,
  options: { readonly allStatistics: boolean } = { allStatistics: false },
): Expectation {
  const periods = Math.ceil(compiled.durationUs / compiled.metricsPeriodUs)
  return {
    name: compiled.name,
    durationUs: compiled.durationUs,
    functionCount: compiled.functions.length,
    producerCount: compiled.traffic.length,
    requests: compiled.traffic.reduce<number | null>((sum, { expectedRequests, target }) => {
      const batch = target.kind === 'handover' ? target.batch : 1
      return sum === null || expectedRequests === null ? null : sum + expectedRequests * batch
    }, 0),
    periods,
    metricRows: periods * rowsPerPeriod(compiled, options.allStatistics),
    drains: compiled.drain,
  }
}

function rowsPerPeriod(compiled: CompiledScenario, allStatistics: boolean): number {
  const ofMessaging = new Set(MESSAGING_METRICS.map(({ name }) => name))
  const rowsOf = (scope: Scope, isWanted: (entry: MetricEntry) => boolean): number =>
    METRICS.filter((entry) => entry.scopes.includes(scope) && isWanted(entry))
      .filter((entry) => allStatistics || entry.summaryOnly !== true)
      .reduce((rows, entry) => {
        const statistics = allStatistics ? statisticsOf(entry) : timeSeriesStatisticsOf(entry)
        return rows + statistics.length
      }, 0)
  const ofCures = new Set(COMPUTE_METRICS.map(({ name }) => name))
  // What an alias has as well is about provisioned concurrency.
  const isProvisioned = ({ name, scopes }: MetricEntry) =>
    scopes.includes('alias') && !ofCures.has(name)
  const isPlain = (entry: MetricEntry) =>
    !isProvisioned(entry) && !ofMessaging.has(entry.name) && !ofCures.has(entry.name)
  const plain = rowsOf('function', isPlain)
  const asynchronous = rowsOf('function', ({ name }) => ofMessaging.has(name))
  const provisioned = rowsOf('function', isProvisioned)
  const alias = rowsOf('alias', isProvisioned)
  const scaled = rowsOf('alias', ({ name }) => ofCures.has(name))
  const functions = compiled.functions.reduce((rows, settings) => {
    const { qualifiers, hasAsynchronousEvents } = settings
    const own = cureMetricsOf(settings)
    const cures = rowsOf('function', ({ name }) => own.includes(name))
    const scaling = scaled * qualifiers.filter((qualifier) => qualifier.scaling !== null).length
    const aliases = qualifiers.filter((qualifier) => qualifier.hasProvisionedConcurrency).length
    const events = hasAsynchronousEvents ? asynchronous : 0
    return (
      rows + plain + cures + scaling + events + (aliases > 0 ? provisioned + aliases * alias : 0)
    )
  }, 0)
  const parts = compiled.parts.reduce(
    (rows, { scope, metrics }) =>
      rows + rowsOf(scope, ({ name }) => metrics === null || metrics.includes(name)),
    0,
  )
  const clocks = compiled.clocks.reduce(
    (rows, { metrics = [] }) => rows + rowsOf('event', ({ name }) => metrics.includes(name)),
    0,
  )
  const ofClients = new Set(CLIENT_METRICS.map(({ name }) => name))
  const traffic = compiled.traffic.reduce((rows, { target }) => {
    const client = target.kind === 'handover' ? undefined : target.client
    const own = client === undefined ? [] : metricsOfClient(client)
    return rows + rowsOf('traffic', ({ name }) => !ofClients.has(name) || own.includes(name))
  }, 0)
  return rowsOf('account', () => true) + functions + parts + clocks + traffic
}
