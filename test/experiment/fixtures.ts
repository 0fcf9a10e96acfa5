import type { ReplicationOptions, ReplicationOutput } from '../../src/experiment/replication.ts'
import type { CompiledScenario, Threshold } from '../../src/model/compiled-scenario.ts'
import type { Statistic } from '../../src/model/metrics/catalogue-entry.ts'
import { workflowQuotas } from '../../src/model/workflow/limits.ts'

/** A compiled scenario for code that looks at its frame only: no functions, no traffic. */
export function frame(overrides: Partial<CompiledScenario> = {}): CompiledScenario {
  return {
    name: 'frame',
    description: '',
    durationUs: 600_000_000,
    warmUpUs: 0,
    metricsPeriodUs: 60_000_000,
    drain: false,
    maximumDrainUs: 1_209_600_000_000,
    seed: '7',
    platform: 24_322,
    startsAtMs: 0,
    account: {
      region: 'us-east-1',
      concurrentExecutions: 1_000,
      otherUnreservedConcurrency: 0,
      scaling: { kind: 'per-function' },
      gatewayQuotas: { requests: { rate: 10_000, burst: 5_000 }, connectionsPerSecond: 500 },
      workflowQuotas: workflowQuotas('us-east-1'),
    },
    functions: [],
    parts: [],
    flows: [],
    clocks: [],
    workflowLimits: [],
    intakes: [],
    calledNodes: [],
    doorLimits: [],
    initialBacklogs: [],
    traffic: [],
    timeline: [],
    billing: null,
    unbilled: '',
    thresholds: [],
    assumptions: [],
    warnings: [],
    ...overrides,
  }
}

export function threshold(
  text: string,
  operator: Threshold['operator'],
  limit: number,
  statistic: Statistic = 'sum',
): Threshold {
  const [name = '', metric = ''] = text.split('.')
  return { text, scope: 'function', name, metric, statistic, operator, limit }
}

export function output(overrides: Partial<ReplicationOutput> = {}): ReplicationOutput {
  return {
    status: 'complete',
    simulatedUs: 600_000_000,
    drainedAfterUs: null,
    undrainedAfterUs: null,
    eventCount: 100,
    fingerprint: '0123456789abcdef',
    summary: [],
    ledger: [],
    usages: [],
    backlogs: [],
    throttles: [],
    headroom: [],
    snapshot: null,
    ...overrides,
  }
}

/** One summary value of a function, as a replication gives it. */
export function value(name: string, metric: string, statistic: Statistic, amount: number) {
  const unit = statistic === 'share' ? 'ratio' : metric.endsWith('Duration') ? 'ms' : 'count'
  return { scope: 'function', name, metric, statistic, unit, value: amount } as const
}

/** Plays replications that are known beforehand, and remembers what each was asked for. */
export function playing(outputs: readonly ReplicationOutput[]) {
  const asked: ReplicationOptions[] = []
  const replicate = async (_compiled: CompiledScenario, options: ReplicationOptions) => {
    asked.push(options)
    return outputs[options.replication]!
  }
  return { asked, replicate }
}
