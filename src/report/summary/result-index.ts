import { type RunResult, type SummaryRow, summaryKey } from '../../experiment/result.ts'
import type { Scope, Statistic } from '../../model/metrics/catalogue-entry.ts'

/** Finds the rows of a result's summary by what they measure. */
export class ResultIndex {
  private readonly rows = new Map<string, SummaryRow>()
  private readonly namesByScope = new Map<Scope, string[]>()

  constructor(result: RunResult) {
    for (const row of result.summary) {
      this.rows.set(summaryKey(row), row)
      const names = this.namesByScope.get(row.scope)
      if (names === undefined) this.namesByScope.set(row.scope, [row.name])
      else if (!names.includes(row.name)) names.push(row.name)
    }
  }

  /** Entities of a scope, in the order of the scenario. */
  names(scope: Scope): readonly string[] {
    return this.namesByScope.get(scope) ?? []
  }

  /** undefined: the metric had no sample. */
  value(scope: Scope, name: string, metric: string, statistic: Statistic): number | undefined {
    return this.rows.get(summaryKey({ scope, name, metric, statistic }))?.value
  }
}
