import type { Scope, Statistic } from '../../model/metrics/catalogue-entry.ts'
import type { ResultIndex } from './result-index.ts'

/** Reads the metrics of one entity. */
export class Reading {
  readonly name: string
  private readonly index: ResultIndex
  private readonly scope: Scope

  constructor(index: ResultIndex, scope: Scope, name: string) {
    this.index = index
    this.scope = scope
    this.name = name
  }

  value(metric: string, statistic: Statistic): number | undefined {
    return this.index.value(this.scope, this.name, metric, statistic)
  }

  sum(metric: string): number {
    return this.value(metric, 'sum') ?? 0
  }
}
