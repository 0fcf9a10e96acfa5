import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'hello',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    expect(figures.sum('hello', 'ColdStarts', 60, 600)).toBe(0)
    const mean = figures.value('hello', 'ConcurrentExecutions', 'average').toFixed(2)
    return [
      `${figures.count('visitors', 'Requests')} requests and no throttle`,
      `On average ${mean} requests are in flight`,
      `All ${figures.count('hello', 'ColdStarts')} cold starts happen in the first minute`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        const mean = figures.value('hello', 'ConcurrentExecutions', 'average')
        return [`ten times the mean concurrency (${mean.toFixed(1)}), and still no throttle`]
      },
    },
  ],
})
