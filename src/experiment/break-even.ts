import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { timeShare } from '../model/pricing/billing-plan.ts'
import { breakEvenUtilisation } from '../model/pricing/break-even.ts'
import { type BilledBy, tariffOf } from './bill.ts'

/** From which utilisation on a function's provisioned concurrency costs no more than on demand. */
export interface BreakEven {
  readonly functionName: string
  readonly utilisation: number
  /** The share of the month's time that the run stands for; provisioned concurrency is there for all of it. */
  readonly timeShare: number
}

/** Of the functions that have provisioned concurrency, where the prices are known. */
export function breakEvens({
  functions,
  durationUs,
  ...compiled
}: Pick<CompiledScenario, 'functions' | 'durationUs' | BilledBy>): readonly BreakEven[] {
  const tariff = tariffOf(compiled)
  if (tariff === null) return []
  const share = tariff.plan === null ? 1 : timeShare(tariff.plan, durationUs)
  return functions.flatMap(({ name, architecture, qualifiers }) => {
    if (!qualifiers.some((qualifier) => qualifier.hasProvisionedConcurrency)) return []
    const utilisation = breakEvenUtilisation(tariff.list, architecture, tariff.startsAtMs)
    return utilisation === undefined ? [] : [{ functionName: name, utilisation, timeShare: share }]
  })
}
