import { expect } from 'vitest'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const all = (what: string) => ({
  expects: (figures: Figures) => {
    expect(figures.causes()).toEqual([])
    return [
      'nothing is throttled',
      `${figures.outcomes('spacecat-audit-jobs', 'succeeded')} of ${figures.outcomes('spacecat-audit-jobs', 'entered')} audits ${what}`,
    ]
  },
})

describeLesson({
  name: 'incident-spacecat-2876',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['reserved-concurrency'])
    const entered = figures.outcome('spacecat-audit-jobs', 'entered')
    const lost = figures.outcome('spacecat-audit-jobs', 'deadLettered')
    expect(figures.value('failed', 'NumberOfMessagesSent', 'sum')).toBe(0)
    // With one receive each, every audit is handed to the function at most once.
    const unseen = entered - figures.value('audit-worker.jobs', 'InvokedEventCount', 'sum')
    return [
      `${lost} of ${entered} audits are in the dead-letter queue`,
      `${unseen} of them were never handed to a handler`,
      `handler of ${lost - unseen} more had begun so late`,
      `throttled ${figures.count('audit-worker', 'Throttles')} times`,
    ]
  },
  tries: [
    all('run'),
    all('are done'),
    {
      expects: (figures) => [
        `${figures.count('audit-worker', 'Throttles')} throttles, and again ${figures.outcomes('spacecat-audit-jobs', 'deadLettered')} audits lost`,
      ],
    },
  ],
})
