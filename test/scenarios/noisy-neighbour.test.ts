import { expect } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'noisy-neighbour',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['account-concurrency'])
    const throttled = figures.value('shop', 'Throttles', 'sum')
    expect(figures.sum('shop', 'Throttles', 600, 900)).toBe(throttled)
    const share = throttled / figures.sum('customers', 'Requests', 600, 900)
    return [
      `The export is throttled ${figures.count('export', 'Throttles')} times`,
      `loses ${figures.count('shop', 'Throttles')} of its ${figures.count('customers', 'Requests')} requests: ${percent(share)} of those that came during the export`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes('shop')).toEqual([])
        return ['the shop has no throttle at all']
      },
    },
    {
      expects: (figures) => {
        expect(figures.causes('shop')).toEqual([])
        return ['again no throttle in the shop']
      },
    },
  ],
})
