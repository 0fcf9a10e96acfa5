import { expect } from 'vitest'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

function allProcessed(figures: Figures): string[] {
  expect(figures.outcome('work', 'succeeded')).toBe(10)
  return ['10 of 10 are processed']
}

describeLesson({
  name: 'incident-sqs-reserved-concurrency',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['reserved-concurrency'])
    return [
      `${figures.outcomes('work', 'succeeded')} messages are processed`,
      `${figures.outcomes('work', 'deadLettered')} are in the dead-letter queue`,
      `${figures.count('test', 'Throttles')} attempts were throttled`,
    ]
  },
  tries: [
    { expects: allProcessed },
    {
      expects: (figures) => [
        `${figures.outcomes('work', 'deadLettered')} of ${figures.outcomes('work', 'entered')} are lost`,
      ],
    },
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        return ['0 throttles', ...allProcessed(figures)]
      },
    },
  ],
})
