import { expect } from 'vitest'
import { count, instant } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const START_SECONDS = 120

/** From the start of the reader to the end of the last row: all of them entered at 0. */
function drainSeconds(figures: Figures): number {
  return figures.value('rows', 'EndToEndLatency', 'maximum') / 1_000 - START_SECONDS
}

const drained = (figures: Figures) => instant(drainSeconds(figures) * 1e6)

describeLesson({
  name: 'backlog-drain',
  expects: (figures) => {
    expect(drainSeconds(figures)).toBe(285)
    // At 500 messages a second, from 15 minutes on.
    expect(figures.sum('failed', 'NumberOfMessagesSent', 0, 1_800)).toBe(0)
    const redriven = figures.sum('rows', 'NumberOfMessagesSent', 900, 1_100)
    expect(redriven).toBe(100_000)
    expect(figures.sum('rows', 'NumberOfMessagesSent', 0, 1_800)).toBe(redriven)
    const redrives = figures.value('migrate', 'Invocations', 'sum') - 200_000
    return [
      `done ${drained(figures)} later: 285 seconds, with up to ${figures.count('migrate', 'ConcurrentExecutions', 'maximum')} at work`,
      `The redrive takes ${instant((redriven / 500) * 1e6)} and ${count(redrives)} invocations for ${count(redriven)} rows`,
      `${figures.outcomes('rows', 'succeeded')} rows have been processed and ${figures.outcomes('rows', 'deadLettered')} are lost`,
    ]
  },
  tries: [
    { expects: (figures) => [`it takes ${drained(figures)} from the start of the reader`] },
    { expects: (figures) => [`pollers grew by 60 a minute: ${drained(figures)}`] },
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual(['account-concurrency'])
        return [
          `${figures.count('migrate', 'Throttles')} throttles, after each`,
          `(assumed), and ${drained(figures)}`,
        ]
      },
    },
  ],
})
