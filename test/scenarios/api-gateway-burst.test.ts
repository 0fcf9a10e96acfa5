import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'api-gateway-burst',
  expects: (figures) => {
    // 12,000 come in three seconds; 1,250 and three times 2,500 pass, but for one at the edge.
    expect(figures.value('mobile', '4xx', 'sum')).toBe(12_000 - 1_250 - 3 * 2_500 + 1)
    expect(figures.causes()).toEqual([])
    return [
      `${figures.count('mobile', '4xx')} requests are refused`,
      `${figures.share('mobile', '4xx')} of all`,
      `Lambda throttles ${figures.count('feed', 'Throttles')}`,
    ]
  },
  tries: [
    { expects: (figures) => [`${figures.count('mobile', '4xx')} requests are refused`] },
    {
      expects: (figures) => [
        `${figures.count('phones', 'SucceededAfterThrottles')} requests succeed after a refusal`,
        `${figures.count('phones', 'ThrottledRequests')} still fail`,
        `it stops ${figures.count('phones', 'RetryQuotaExhausted')} retries`,
      ],
    },
  ],
})
