import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'order-saga',
  expects: (figures) => {
    const failed = figures.outcome('saga', 'failed')
    expect(figures.value('release-stock', 'Invocations', 'sum')).toBe(failed)
    const retries = figures.value('saga.ChargeCard', 'StateRetries', 'sum')
    return [
      `Of ${figures.outcomes('saga', 'entered')} orders ${count(failed)} fail, each with its stock released, and ${figures.count('refund-card', 'Invocations')} with a refund`,
      `mended what ${count(retries)} attempts had broken`,
      `takes ${figures.time('saga', 'ExecutionTime', 'p50')} at the median and ${figures.time('saga', 'ExecutionTime', 'p99')} at the 99th percentile`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.value('saga', 'LambdaFunctionsTimedOut', 'sum')).toBe(0)
        return [
          `before the workflow gives up: ${figures.count('refund-card', 'Invocations')} refunds`,
        ]
      },
    },
    {
      expects: (figures) => [
        `${figures.count('saga.ChargeCard', 'StateRetries')} retries carry many orders over it, and ${figures.outcomes('saga', 'failed')} orders fail`,
      ],
    },
  ],
})
