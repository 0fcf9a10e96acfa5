import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const QUEUE = 'notifications-retry'

/** Invocations per message that was dead-lettered; each of theirs failed, and nobody else's did. */
function honestAttempts(figures: Figures): string {
  const failed = figures.value('contribute-retry.notifications', 'FailedInvokeEventCount', 'sum')
  return count(failed / figures.outcome(QUEUE, 'deadLettered'))
}

describeLesson({
  name: 'incident-azul-3708',
  expects: (figures) => {
    const throttles = figures.sum('contribute-retry', 'Throttles', 0, 7_200) / 120
    return [
      `The ${figures.outcomes(QUEUE, 'deadLettered')} messages that are dead-lettered had ${honestAttempts(figures)} invocations each on average`,
      `${figures.count(QUEUE, 'NumberOfMessagesReceived')} receives led to ${figures.count('contribute-retry', 'Invocations')} invocations`,
      `throttled ${count(Math.round(throttles))} times a minute`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${figures.count('contribute-retry', 'Throttles')} throttles in all, and ${honestAttempts(figures)} honest attempts for each`,
      ],
    },
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        return ['nothing is throttled', `each gets its ${honestAttempts(figures)} attempts`]
      },
    },
  ],
})
