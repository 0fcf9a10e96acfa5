import { milliseconds } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'steady-load',
  expects: (figures) => {
    const mean = figures.value('orders', 'ConcurrentExecutions', 'average').toFixed(1)
    return [
      `${mean} in flight on average and ${figures.count('orders', 'ConcurrentExecutions', 'maximum')} at most`,
      `the slowest one in a hundred waits ${milliseconds(figures.value('customers', 'ClientLatency', 'p99'))}`,
    ]
  },
  tries: [
    {},
    {
      exitCode: 99,
      expects: (figures) => [`${figures.share('orders', 'Throttles')} are throttled`],
    },
  ],
})
