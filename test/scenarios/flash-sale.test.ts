import { expect } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'
import { nothingThrottled } from './phrases.ts'

describeLesson({
  name: 'flash-sale',
  results: ['metrics.csv', 'summary.csv', 'ledger.csv', 'cost.csv', 'run.json'],
  expects: (figures) => {
    expect(figures.causes()).toEqual(['scaling-rate'])
    const throttled = figures.value('checkout', 'Throttles', 'sum')
    expect(figures.sum('checkout', 'Throttles', 600, 660)).toBe(throttled)
    const shareOfMinute = throttled / figures.sum('shoppers', 'Requests', 600, 660)
    return [
      `${figures.count('checkout', 'Throttles')} throttled requests, all by the scaling rate, from ${figures.throttledWhen('checkout')}`,
      `${figures.share('shoppers', 'ThrottledRequests')} of the day's shoppers, but ${percent(shareOfMinute)} of those of that minute`,
      `the ${figures.count('checkout', 'ExecutionEnvironments', 'maximum')} environments of the first are still warm`,
    ]
  },
  tries: [nothingThrottled, nothingThrottled],
})
