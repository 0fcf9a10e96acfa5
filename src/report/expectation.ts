import type { Expectation } from '../experiment/expectation.ts'
import { formatDuration } from '../kernel/time.ts'
import { count, countOf } from './phrase.ts'

/** "1 function, 1 producer, 10m; expects about 12,000 requests and up to 340 rows of metrics.csv". */
export function expectationSentence(expectation: Expectation): string {
  const { functionCount, producerCount, durationUs, requests, metricRows, drains } = expectation
  const parts = [
    countOf(functionCount, 'function'),
    countOf(producerCount, 'producer'),
    formatDuration(durationUs),
  ]
  const traffic =
    requests === null
      ? 'a number of requests that the run will tell'
      : `about ${countOf(Math.round(requests), 'request')}`
  const draining = drains ? ', and more while it drains' : ''
  return `${parts.join(', ')}; expects ${traffic} and up to ${count(metricRows)} rows of metrics.csv${draining}`
}
