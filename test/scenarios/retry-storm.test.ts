import { expect } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

/** Attempts for each request of the shoppers. */
function amplification(figures: Figures, digits: number): string {
  const attempts = figures.value('shoppers', 'Attempts', 'sum')
  return (attempts / figures.value('shoppers', 'Requests', 'sum')).toFixed(digits)
}

function expectCalmNeighbour(figures: Figures): void {
  expect(figures.value('readers', 'Failed', 'sum')).toBe(0)
}

describeLesson({
  name: 'retry-storm',
  expects: (figures) => {
    expect(figures.causes('search')).toEqual(['account-rate'])
    return [
      `${amplification(figures, 1)} attempts for each request, and ${figures.share('shoppers', 'SuccessRate')} of the shoppers`,
      `${figures.share('readers', 'ThrottledRequests')} are throttled, all by the request rate`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expectCalmNeighbour(figures)
        return [
          `six attempts or not: ${amplification(figures, 2)} attempts for each request`,
          `get through (${figures.share('shoppers', 'SuccessRate')}), and`,
        ]
      },
    },
    {
      expects: (figures) => {
        expectCalmNeighbour(figures)
        return [`ten requests: ${amplification(figures, 2)} attempts for each request`]
      },
    },
    {
      expects: (figures) => {
        expectCalmNeighbour(figures)
        return [`any retry ${figures.share('shoppers', 'SuccessRate')} get through`]
      },
    },
    {
      expects: (figures) => {
        expectCalmNeighbour(figures)
        const entered = figures.outcome('shoppers', 'entered')
        const waiting = figures.outcome('shoppers', 'inFlight') / entered
        return [
          `for ${figures.time('shoppers', 'ClientLatency', 'p50')} or longer`,
          `and ${percent(waiting)} are still waiting`,
        ]
      },
    },
  ],
})
