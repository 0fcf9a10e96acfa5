import { expect } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'queue-before-database',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    const lost = 1 - figures.value('callers', 'SuccessRate', 'share')
    const late = figures.sum('direct', 'Errors', 180, 660)
    expect(figures.value('queue-db', 'CallTimeouts', 'sum')).toBe(0)
    return [
      `${percent(lost)} are lost, ${count(late)} of them after the rush`,
      `The queue loses ${figures.count('orders', 'MessagesDeadLettered')}, and the longest wait is ${figures.time('orders', 'EndToEndLatency', 'maximum')}`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual(['reserved-concurrency'])
        return [
          `${figures.count('direct', 'Throttles')} orders of the rush are refused, and ${figures.count('direct', 'Errors')} fail`,
        ]
      },
    },
    {
      expects: (figures) => {
        expect(figures.value('orders', 'MessagesDeadLettered', 'sum')).toBe(0)
        return [
          `up to ${figures.count('queued', 'ConcurrentExecutions', 'maximum')} at once, ${figures.count('queued', 'Errors')} invocations time out`,
          `the longest wait is ${figures.time('orders', 'EndToEndLatency', 'maximum')}`,
        ]
      },
    },
  ],
})
