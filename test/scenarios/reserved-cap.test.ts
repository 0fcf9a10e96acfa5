import { expect } from 'vitest'
import { erlangB } from '../../src/stats/queueing-theory.ts'
import { describeLesson } from './lesson.ts'

const percentage = (share: number, digits: number) => `${(100 * share).toFixed(digits)}%`

describeLesson({
  name: 'reserved-cap',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['reserved-concurrency'])
    return [
      `${figures.share('uploads', 'ThrottledRequests')} of the uploads are throttled`,
      `Erlang B says ${percentage(erlangB(50, 50), 2)} for ever`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${figures.share('uploads', 'ThrottledRequests')} are refused`,
        `Erlang B says ${percentage(erlangB(65, 50), 3)}`,
      ],
    },
    { expects: (figures) => [`a second: ${figures.share('uploads', 'ThrottledRequests')}`] },
  ],
})
