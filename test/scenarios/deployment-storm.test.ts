import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'
import { nothingThrottled } from './phrases.ts'

describeLesson({
  name: 'deployment-storm',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['account-concurrency'])
    const mean = figures.value('search', 'ConcurrentExecutions', 'average')
    return [
      `${figures.count('search', 'Throttles')} requests are throttled, all between ${figures.throttledWhen('search').replace(' to ', ' and ')}`,
      `${figures.count('search', 'ColdStarts')} cold starts serve a load that needs ${Math.round(mean)} environments on average`,
      `the deployment alone made ${count(figures.sum('search', 'ColdStarts', 600, 660))} of them`,
    ]
  },
  tries: [nothingThrottled, nothingThrottled],
})
