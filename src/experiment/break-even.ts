import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { timeShare } from '../model/pricing/billing-plan.ts'
import { breakEvenUtilisation } from '../model/pricing/break-even.ts'
import type { ProductId } from '../model/pricing/products.ts'
import { type BilledBy, tariffOf } from './bill.ts'
import type { ReplicationOutput } from './replication.ts'
import type { SummaryRow } from './result.ts'

/** From which utilisation on a function's provisioned concurrency costs no more than on demand. */
export interface BreakEven {
  readonly functionName: string
  readonly utilisation: number
  /** The share of the month's time that the run stands for; provisioned concurrency is there for all of it. */
  readonly timeShare: number
  /**
   * The share of that time in which its provisioned environments were busy: what the run does not
   * stand for is quiet, and paid for all the same. null: there were none.
   */
  readonly used: number | null
}

/** Of the functions that have provisioned concurrency, where the prices are known. */
export function breakEvens(
  {
    functions,
    durationUs,
    ...compiled
  }: Pick<CompiledScenario, 'functions' | 'durationUs' | BilledBy>,
  summary: readonly SummaryRow[],
  outputs: readonly Pick<ReplicationOutput, 'usages'>[],
): readonly BreakEven[] {
  const tariff = tariffOf(compiled)
  if (tariff === null) return []
  const share = tariff.plan === null ? 1 : timeShare(tariff.plan, durationUs)
  return functions.flatMap(({ name, architecture, qualifiers }) => {
    if (!qualifiers.some((qualifier) => qualifier.hasProvisionedConcurrency)) return []
    const utilisation = breakEvenUtilisation(tariff.list, architecture, tariff.startsAtMs)
    if (utilisation === undefined) return []
    const busy = isPaying(name, outputs) ? utilisationOf(name, summary) : undefined
    const used = busy === undefined ? null : busy * share
    return [{ functionName: name, utilisation, timeShare: share, used }]
  })
}

const PROVISIONED: ReadonlySet<ProductId> = new Set<ProductId>([
  'lambdaProvisionedX86',
  'lambdaProvisionedArm',
])

/** An alias may have provisioned concurrency of 0. */
function isPaying(
  functionName: string,
  outputs: readonly Pick<ReplicationOutput, 'usages'>[],
): boolean {
  return outputs.some(({ usages }) =>
    usages.some(({ name, product }) => name === functionName && PROVISIONED.has(product)),
  )
}

function utilisationOf(functionName: string, summary: readonly SummaryRow[]): number | undefined {
  const row = summary.find(
    ({ scope, name, metric, statistic }) =>
      scope === 'function' &&
      name === functionName &&
      metric === 'ProvisionedConcurrencyUtilization' &&
      statistic === 'average',
  )
  return row?.value
}
