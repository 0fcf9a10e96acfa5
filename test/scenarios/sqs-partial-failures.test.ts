import { expect } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

/** Rows that fail at every delivery: as many as are lost when each fails for itself. */
const POISONED = 880

function poisoned(figures: Figures): number {
  expect(figures.outcome('rows', 'deadLettered')).toBe(POISONED)
  return POISONED
}

describeLesson({
  name: 'sqs-partial-failures',
  expects: (figures) => {
    const lost = figures.outcome('rows', 'deadLettered')
    const entered = figures.outcome('rows', 'entered')
    return [
      `${count(lost)} rows are in the dead-letter queue: ${percent(lost / entered)} of ${count(entered)}`,
      `Only ${count(POISONED)} of them are poison; the other ${count(lost - POISONED)} kept bad company`,
      `${figures.count('import', 'Errors')} of ${figures.count('import', 'Invocations')} invocations fail, ${figures.share('import', 'Errors')}`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${count(poisoned(figures))} rows are in the dead-letter queue, which are the poisoned ones, and ${figures.count('import', 'Errors')} invocations fail`,
      ],
    },
    {
      expects: (figures) => [
        `${count(poisoned(figures))} rows again, but it takes ${figures.count('import', 'Invocations')} invocations`,
      ],
    },
  ],
})
