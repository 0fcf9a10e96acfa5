/**
 * What all functions of a run come to together: how often it was cold, and how much memory was held
 * for how long. Policies that keep environments are compared by these two. A comparison has them as
 * values like any other; a single run has those of its functions.
 */
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { MetricValue } from '../model/metrics/recorder.ts'
import type { ReplicationOutput } from './replication.ts'

const MB_PER_GB = 1_024

type Total = Pick<MetricValue, 'metric' | 'statistic' | 'unit'> & {
  /** undefined: nothing was invoked. */
  readonly value: number | undefined
}

/** Since the warm-up, as in the summary. Idle is what is not in use, provisioned or not. */
export function totalsOf(
  { functions, warmUpUs }: CompiledScenario,
  { summary, simulatedUs }: ReplicationOutput,
): readonly Total[] {
  const values = new Map(
    summary
      .filter(({ scope }) => scope === 'function')
      .map(({ name, metric, statistic, value }) => [`${name} ${metric} ${statistic}`, value]),
  )
  const sumOver = (metric: string, statistic: string, weight: (memoryMb: number) => number) =>
    functions.reduce(
      (sum, { name, memoryMb }) =>
        sum + (values.get(`${name} ${metric} ${statistic}`) ?? 0) * weight(memoryMb),
      0,
    )
  const coldStarts = sumOver('ColdStarts', 'sum', () => 1)
  const invocations = sumOver('Invocations', 'sum', () => 1)
  const seconds = Math.max(0, simulatedUs - warmUpUs) / MICROSECONDS_PER_SECOND
  const memoryTime = (memoryMb: number): number => (memoryMb / MB_PER_GB) * seconds
  const held = sumOver('ExecutionEnvironments', 'average', memoryTime)
  const used = sumOver('ConcurrentExecutions', 'average', memoryTime)
  return [
    { metric: 'Invocations', statistic: 'sum', unit: 'count', value: invocations },
    { metric: 'ColdStarts', statistic: 'sum', unit: 'count', value: coldStarts },
    {
      metric: 'ColdStarts',
      statistic: 'share',
      unit: 'ratio',
      value: invocations === 0 ? undefined : coldStarts / invocations,
    },
    { metric: 'MemoryTime', statistic: 'sum', unit: 'GB-second', value: held },
    // Sums of different order may differ in their last digit.
    {
      metric: 'IdleMemoryTime',
      statistic: 'sum',
      unit: 'GB-second',
      value: Math.max(0, held - used),
    },
  ]
}
