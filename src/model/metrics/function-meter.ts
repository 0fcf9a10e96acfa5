import { THROTTLE_CAUSES } from '../compute/throttle-cause.ts'
import type { Recorder } from './recorder.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from './series.ts'

/** Refusals of one cause: how many, when first and last, and the worst period. */
export interface ThrottleTally {
  readonly cause: number
  count: number
  /** Of these, how many will be tried again by a queue or a poller. */
  retriedCount: number
  firstUs: number
  lastUs: number
  periodStartUs: number
  periodCount: number
  peakPeriodCount: number
  peakPeriodStartUs: number
}

/** The metrics of one function. */
export class FunctionMeter {
  readonly invocations: CounterSeries
  readonly errors: CounterSeries
  readonly throttles: CounterSeries
  readonly coldStarts: CounterSeries
  readonly billedDuration: CounterSeries
  readonly duration: DurationSeries
  readonly initDuration: DurationSeries
  readonly placementDuration: DurationSeries
  readonly concurrent: GaugeSeries
  readonly environments: GaugeSeries
  /** null: no environment is initialised unasked. */
  readonly proactiveInits: CounterSeries | null
  /** null: environments are not isolated by tenant. */
  tenantEnvironments: CounterSeries | null = null
  /** null: it has no provisioned concurrency. */
  provisionedInits: CounterSeries | null = null
  readonly tallies: ThrottleTally[] = []
  private readonly periodUs: number

  constructor(recorder: Recorder, name: string, periodUs: number, isProactive: boolean) {
    this.periodUs = periodUs
    this.invocations = recorder.counter('function', name, 'Invocations')
    this.errors = recorder.counter('function', name, 'Errors')
    this.throttles = recorder.counter('function', name, 'Throttles')
    this.coldStarts = recorder.counter('function', name, 'ColdStarts')
    this.billedDuration = recorder.counter('function', name, 'BilledDuration')
    this.duration = recorder.duration('function', name, 'Duration')
    this.initDuration = recorder.duration('function', name, 'InitDuration')
    this.placementDuration = recorder.duration('function', name, 'PlacementDuration')
    this.concurrent = recorder.gauge('function', name, 'ConcurrentExecutions')
    this.proactiveInits = isProactive ? recorder.counter('function', name, 'ProactiveInits') : null
    this.environments = recorder.gauge('function', name, 'ExecutionEnvironments')
  }

  throttle(cause: number, nowUs: number, isRetried: boolean): void {
    this.throttles.add(1)
    const tally = this.tallyOf(cause, nowUs)
    tally.count++
    if (isRetried) tally.retriedCount++
    tally.lastUs = nowUs
    const periodStartUs = nowUs - (nowUs % this.periodUs)
    if (tally.periodStartUs !== periodStartUs) {
      tally.periodStartUs = periodStartUs
      tally.periodCount = 0
    }
    tally.periodCount++
    if (tally.periodCount > tally.peakPeriodCount) {
      tally.peakPeriodCount = tally.periodCount
      tally.peakPeriodStartUs = periodStartUs
    }
  }

  private tallyOf(cause: number, nowUs: number): ThrottleTally {
    for (const tally of this.tallies) if (tally.cause === cause) return tally
    const tally: ThrottleTally = {
      cause,
      count: 0,
      retriedCount: 0,
      firstUs: nowUs,
      lastUs: nowUs,
      periodStartUs: -1,
      periodCount: 0,
      peakPeriodCount: 0,
      peakPeriodStartUs: 0,
    }
    this.tallies.push(tally)
    return tally
  }
}

/** The throttle tallies as the result shows them. */
export function throttleRecords(functionName: string, meter: FunctionMeter) {
  return meter.tallies.map((tally) => ({
    functionName,
    cause: THROTTLE_CAUSES[tally.cause]!.id,
    reason: THROTTLE_CAUSES[tally.cause]!.reason,
    count: tally.count,
    retriedCount: tally.retriedCount,
    firstUs: tally.firstUs,
    lastUs: tally.lastUs,
    peakPeriodCount: tally.peakPeriodCount,
    peakPeriodStartUs: tally.peakPeriodStartUs,
  }))
}

/** Provisioned concurrency as one entity sees it: the function, or the alias that has it. */
export interface ProvisionedMeter {
  readonly executions: GaugeSeries
  readonly utilization: GaugeSeries
  readonly invocations: CounterSeries
  readonly spilloverInvocations: CounterSeries
}

export function provisionedMeter(
  recorder: Recorder,
  scope: 'function' | 'alias',
  name: string,
): ProvisionedMeter {
  return {
    executions: recorder.gauge(scope, name, 'ProvisionedConcurrentExecutions'),
    utilization: recorder.gauge(scope, name, 'ProvisionedConcurrencyUtilization'),
    invocations: recorder.counter(scope, name, 'ProvisionedConcurrencyInvocations'),
    spilloverInvocations: recorder.counter(
      scope,
      name,
      'ProvisionedConcurrencySpilloverInvocations',
    ),
  }
}

/** What is configured and what of it is allocated, where either changes by itself. */
export interface CapacityMeter {
  readonly requested: GaugeSeries
  readonly allocated: GaugeSeries
}

export function capacityMeter(recorder: Recorder, alias: string): CapacityMeter {
  return {
    requested: recorder.gauge('alias', alias, 'RequestedProvisionedConcurrentExecutions'),
    allocated: recorder.gauge('alias', alias, 'AllocatedProvisionedConcurrentExecutions'),
  }
}
