import { studentInterval } from '../../src/stats/confidence.ts'
import { runCommand } from './command.ts'
import { runPlainLoop } from './plain-loop.ts'
import { plainLoopOf, scenarioOf, type Workload } from './workloads.ts'

const REPLICATIONS = 20
/** All comparisons of one benchmark together raise a false alarm in one run of a thousand. */
const FALSE_ALARM_BUDGET = 0.001

const COMPARED = [
  { metric: 'Throttles', statistic: 'sum', of: 'throttles' },
  { metric: 'ColdStarts', statistic: 'sum', of: 'coldStarts' },
  { metric: 'ConcurrentExecutions', statistic: 'average', of: 'meanConcurrency' },
] as const

/**
 * Runs both programs on independent random numbers and throws unless they agree on throttles, cold
 * starts and mean concurrency: the two confidence intervals over replications, each at half the
 * comparison's share of the budget, must meet.
 */
export function assertAgreement(workload: Workload, comparisons: number): void {
  const seconds = agreementSeconds(workload)
  const arrivals = workload.arrivalRatePerSecond * seconds
  const plain = Array.from({ length: REPLICATIONS }, (_, index) =>
    runPlainLoop({ ...plainLoopOf(workload, arrivals * 2, index + 1), untilSeconds: seconds }),
  )
  const runs = Array.from({ length: REPLICATIONS }, (_, index) =>
    runCommand(scenarioOf(workload, seconds), ['--seed', String(index + 1)]),
  )
  const confidence = 1 - FALSE_ALARM_BUDGET / (2 * COMPARED.length * comparisons)
  for (const { metric, statistic, of } of COMPARED) {
    const engine = runs.map(({ summary }) =>
      Number(
        summary.find(
          (row) => row.scope === 'function' && row.metric === metric && row.statistic === statistic,
        )?.value,
      ),
    )
    const one = studentInterval(engine, confidence)
    const other = studentInterval(
      plain.map((result) => result[of]),
      confidence,
    )
    if (one.low > other.high || other.low > one.high) {
      throw new Error(
        `${workload.name}: ${metric} ${one.mean} +- ${one.halfWidth} by the engine, ${other.mean} +- ${other.halfWidth} by the plain loop`,
      )
    }
  }
}

/** Long enough for the cap to be reached, short enough for forty runs. */
function agreementSeconds({ arrivalRatePerSecond }: Workload): number {
  return Math.max(6, 200_000 / arrivalRatePerSecond)
}
