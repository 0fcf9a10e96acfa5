import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { breakEvenUtilisation } from '../model/pricing/break-even.ts'
import { type BilledBy, tariffOf } from './bill.ts'

/** From which utilisation on a function's provisioned concurrency costs no more than on demand. */
export interface BreakEven {
  readonly functionName: string
  readonly utilisation: number
}

/** Of the functions that have provisioned concurrency, where the prices are known. */
export function breakEvens({
  functions,
  ...compiled
}: Pick<CompiledScenario, 'functions' | BilledBy>): readonly BreakEven[] {
  const tariff = tariffOf(compiled)
  if (tariff === null) return []
  return functions.flatMap(({ name, architecture, qualifiers }) => {
    if (!qualifiers.some((qualifier) => qualifier.hasProvisionedConcurrency)) return []
    const utilisation = breakEvenUtilisation(tariff.list, architecture, tariff.startsAtMs)
    return utilisation === undefined ? [] : [{ functionName: name, utilisation }]
  })
}
