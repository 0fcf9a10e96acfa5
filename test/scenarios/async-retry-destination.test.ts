import { expect } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

/** Every event given up is in the queue of failures. */
function failures(figures: Figures): number {
  const failed = figures.outcome('invoice', 'deliveredToDestination')
  expect(figures.outcome('failed', 'queued')).toBe(failed)
  expect(figures.value('invoice', 'AsyncEventsDropped', 'sum')).toBe(failed)
  return failed
}

const eventsFail = (how: string) => ({
  expects: (figures: Figures) => [`${count(failures(figures))} events fail${how}`],
})

describeLesson({
  name: 'async-retry-destination',
  expects: (figures) => {
    const share = failures(figures) / figures.outcome('invoice', 'entered')
    return [
      `${figures.count('invoice', 'Errors')} of ${figures.count('invoice', 'Invocations')} invocations fail, but only ${figures.outcomes('invoice', 'deliveredToDestination')} of ${figures.outcomes('invoice', 'entered')} events: ${percent(share)}`,
      `a 99th percentile of ${figures.time('invoice', 'EndToEndLatency', 'p99')}`,
      `longest way to success took ${figures.time('invoice', 'EndToEndLatency', 'maximum')}`,
    ]
  },
  tries: [
    eventsFail(' at once'),
    eventsFail(' after their second'),
    eventsFail(', most of them late'),
  ],
})
