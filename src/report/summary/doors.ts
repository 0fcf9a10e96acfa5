import { DOOR_METRICS } from '../../model/metrics/catalogue-doors.ts'
import type { Block } from '../document.ts'
import { count, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'

/** What front doors counted as errors, under the names that CloudWatch has for them. */
export function doorVerdicts(index: ResultIndex): Block[] {
  return index.names('api').flatMap((name): Block[] => {
    const sumOf = (metric: string) => index.value('api', name, metric, 'sum') ?? 0
    const errors = DOOR_METRICS.flatMap(({ name: metric, shareOf: [whole] = [] }) => {
      const sum = sumOf(metric)
      if (whole === undefined || sum === 0) return []
      return [`${metric} ${count(sum)} (${percent(sum / sumOf(whole))})`]
    })
    if (errors.length === 0) return []
    const text = `${name} answered with errors: ${errors.join(', ')}.`
    return [{ kind: 'verdict', tone: 'bad', text, lines: [] }]
  })
}
