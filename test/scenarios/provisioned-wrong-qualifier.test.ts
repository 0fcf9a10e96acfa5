import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'
import { nothingThrottled } from './phrases.ts'

describeLesson({
  name: 'provisioned-wrong-qualifier',
  expects: (figures) => {
    expect(figures.value('checkout', 'ProvisionedConcurrencyInvocations', 'sum')).toBe(0)
    expect(figures.warnings).toEqual([expect.stringContaining('live')])
    return [
      `${figures.count('checkout', 'Throttles')} of ${figures.count('shoppers', 'Requests')} requests are throttled (${figures.share('checkout', 'Throttles')}), ${figures.count('checkout', 'ColdStarts')} cold starts`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        expect(figures.value('checkout', 'ColdStarts', 'sum')).toBe(0)
        return ['nothing is throttled and nothing is cold']
      },
    },
    nothingThrottled,
  ],
})
