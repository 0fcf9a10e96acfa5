import type {
  Headroom,
  RunResult,
  SummaryRow,
  ThresholdVerdict,
  ThrottleRecord,
} from '../../src/experiment/result.ts'
import type { Assumption } from '../../src/model/compiled-scenario.ts'
import type { Scope, Statistic } from '../../src/model/metrics/catalogue-entry.ts'

const UNITS: Readonly<Record<string, string>> = {
  Duration: 'ms',
  InitDuration: 'ms',
  ClientLatency: 'ms',
}

export function row(
  scope: Scope,
  name: string,
  metric: string,
  statistic: Statistic,
  value: number,
): SummaryRow {
  const unit = statistic === 'share' ? 'ratio' : (UNITS[metric] ?? 'count')
  return { scope, name, metric, statistic, unit, value, ci95Low: null, ci95High: null }
}

export const SCALING_THROTTLE: ThrottleRecord = {
  functionName: 'checkout',
  cause: 'scaling-rate',
  reason: 'FunctionInvocationRateLimitExceeded',
  count: 12_431,
  retriedCount: 0,
  firstUs: 642_000_000,
  lastUs: 785_400_000,
  peakPeriodCount: 8_120,
  peakPeriodStartUs: 660_000_000,
}

const ACCOUNT_LIMIT: Headroom = {
  limit: 'unreserved concurrency',
  scope: 'account',
  name: 'account',
  used: 812,
  available: 1_000,
}

const SCALING_LIMIT: Headroom = {
  limit: 'scaling rate',
  scope: 'function',
  name: 'checkout',
  used: 1_000,
  available: 1_000,
}

const KEEP_ALIVE: Assumption = {
  id: 'keep-alive',
  statement: 'Idle environments are retired after 5m to 7m (uniform).',
  confidence: 'measured',
  source: 'Shilkov 2021',
}

const PLACEMENT: Assumption = {
  id: 'placement',
  statement: 'Placement is lognormal, median 100ms, p99 400ms.',
  confidence: 'assumed',
  source: 'no source',
}

export const SHARE_FAILED: ThresholdVerdict = {
  threshold: {
    text: 'checkout.Throttles.share < 0.1%',
    scope: 'function',
    name: 'checkout',
    metric: 'Throttles',
    statistic: 'share',
    operator: '<',
    limit: 0.001,
  },
  verdict: 'failed',
  value: 0.030914,
  ci95Low: null,
  ci95High: null,
  unit: 'ratio',
  margin: -0.029914,
  note: '',
}

export const LATENCY_PASSED: ThresholdVerdict = {
  threshold: {
    text: 'shoppers.ClientLatency.p99 < 500ms',
    scope: 'traffic',
    name: 'shoppers',
    metric: 'ClientLatency',
    statistic: 'p99',
    operator: '<',
    limit: 500,
  },
  verdict: 'passed',
  value: 412.25,
  ci95Low: null,
  ci95High: null,
  unit: 'ms',
  margin: 87.75,
  note: '',
}

/** The figures of one function and its caller. */
export function figures(name: string, caller: string, throttles: number): SummaryRow[] {
  const ofFunction = (metric: string, statistic: Statistic, value: number) =>
    row('function', name, metric, statistic, value)
  const ofCaller = (metric: string, statistic: Statistic, value: number) =>
    row('traffic', caller, metric, statistic, value)
  const invocations = 389_687
  return [
    ofFunction('Invocations', 'sum', invocations),
    ofFunction('Errors', 'sum', 0),
    ofFunction('Errors', 'share', 0),
    ofFunction('Throttles', 'sum', throttles),
    ofFunction('Throttles', 'share', throttles / (invocations + throttles)),
    ofFunction('ColdStarts', 'sum', 4_676),
    ofFunction('ColdStarts', 'share', 0.012),
    ofFunction('Duration', 'p50', 40.5),
    ofFunction('Duration', 'p95', 126.25),
    ofFunction('Duration', 'p99', 201.4),
    ofFunction('ConcurrentExecutions', 'maximum', 812),
    ofCaller('Requests', 'sum', invocations + throttles),
    ofCaller('ThrottledRequests', 'share', throttles / (invocations + throttles)),
    ofCaller('SuccessRate', 'share', invocations / (invocations + throttles)),
    ofCaller('ClientLatency', 'p50', 41),
    ofCaller('ClientLatency', 'p95', 240.5),
    ofCaller('ClientLatency', 'p99', 412.25),
  ]
}

/** A run in which `checkout` met its scaling rate. */
export function throttledResult(overrides: Partial<RunResult> = {}): RunResult {
  return {
    scenarioName: 'flash-sale',
    description: '',
    scenarioDigest: '00112233',
    version: '0.1.0',
    seed: '7',
    replications: 1,
    fingerprint: '0123456789abcdef',
    status: 'complete',
    simulatedUs: 1_800_000_000,
    durationUs: 1_800_000_000,
    warmUpUs: 0,
    metricsPeriodUs: 60_000_000,
    drainedAfterUs: null,
    undrainedAfterUs: null,
    eventCount: 1_203_456,
    summary: figures('checkout', 'shoppers', 12_431),
    ledger: [{ scope: 'traffic', name: 'shoppers', outcome: 'entered', count: 402_118 }],
    metrics: [],
    throttles: [SCALING_THROTTLE],
    backlogs: [],
    bill: null,
    unbilled: '',
    headroom: [ACCOUNT_LIMIT, SCALING_LIMIT],
    thresholds: [LATENCY_PASSED, SHARE_FAILED],
    assumptions: [KEEP_ALIVE, PLACEMENT],
    warnings: ["checkout: init is an empty function's; real ones commonly take 3 to 20 times that"],
    ...overrides,
  }
}

/** A run in which nothing went wrong. */
export function calmResult(overrides: Partial<RunResult> = {}): RunResult {
  return throttledResult({
    summary: figures('checkout', 'shoppers', 0),
    throttles: [],
    headroom: [ACCOUNT_LIMIT],
    thresholds: [LATENCY_PASSED],
    warnings: [],
    ...overrides,
  })
}
