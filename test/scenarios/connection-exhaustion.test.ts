import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'connection-exhaustion',
  expects: (figures) => {
    const late = figures.sum('db', 'CallRefusals', 180, 300)
    const early = figures.sum('db', 'CallRefusals', 0, 120)
    expect(early).toBe(0)
    expect(figures.causes()).toEqual([])
    return [
      `${figures.share('db', 'CallRefusals')} of the calls are refused, and ${late.toLocaleString('en')} of them after the third minute`,
      `${figures.count('orders', 'ExecutionEnvironments', 'maximum')} environments share ${figures.count('db', 'DatabaseConnections', 'maximum')} connections`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual(['account-concurrency'])
        return [
          `${figures.count('db', 'CallRefusals')} calls are refused`,
          `one in a hundred ${figures.time('db', 'DatabaseConnectionsBorrowLatency', 'p99')}`,
          `${figures.count('orders', 'Throttles')} requests are throttled at the account's limit, from ${figures.throttledWhen('orders')}`,
        ]
      },
    },
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual(['reserved-concurrency'])
        return [
          `${figures.count('db', 'CallRefusals')} calls are refused`,
          `${figures.count('orders', 'Throttles')} requests are throttled, from ${figures.throttledWhen('orders')}`,
        ]
      },
    },
  ],
})
