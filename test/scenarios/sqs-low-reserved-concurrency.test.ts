import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'sqs-low-reserved-concurrency',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['reserved-concurrency'])
    return [
      `${figures.outcomes('jobs', 'deadLettered')} of ${figures.outcomes('jobs', 'entered')} messages are in the dead-letter queue, although ${figures.count('reports', 'Errors')} invocations failed: there were ${figures.count('reports', 'Invocations')}, and ${figures.count('reports', 'Throttles')} attempts were throttled`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        return [
          'nothing is throttled',
          `${figures.outcomes('jobs', 'succeeded')} of ${figures.outcomes('jobs', 'entered')} messages are processed`,
        ]
      },
    },
    { expects: (figures) => [`${figures.outcomes('jobs', 'deadLettered')} are lost`] },
  ],
})
