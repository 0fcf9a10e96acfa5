import { expect } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const SLOW_DOWN_SECONDS = 300
const LOAD_FALLS_SECONDS = 900
const END_SECONDS = 1_200

/**
 * What came back well in a stretch of time for each request of it. Requests that lie across its
 * ends are a few in a hundred thousand: so in whole percents.
 */
function goodput(figures: Figures, fromSeconds: number, toSeconds: number): number {
  const succeeded = figures.sum('shoppers', 'Succeeded', fromSeconds, toSeconds)
  const requests = figures.sum('shoppers', 'Requests', fromSeconds, toSeconds)
  return Math.round((100 * succeeded) / requests) / 100
}

function failedShare(figures: Figures): string {
  return percent(
    figures.value('shoppers', 'Failed', 'sum') / figures.value('shoppers', 'Requests', 'sum'),
  )
}

describeLesson({
  name: 'metastable-collapse',
  expects: (figures) => {
    const before = goodput(figures, 0, SLOW_DOWN_SECONDS)
    const after = goodput(figures, SLOW_DOWN_SECONDS + 60, LOAD_FALLS_SECONDS)
    const relieved = goodput(figures, LOAD_FALLS_SECONDS + 60, END_SECONDS)
    // Two states at the same load, and the way back leads through a lower one.
    expect(before).toBe(1)
    expect(after).toBe(0)
    expect(relieved).toBe(1)
    const requests = figures.sum('shoppers', 'Requests', 360, LOAD_FALLS_SECONDS)
    const invocations = figures.sum('api', 'Invocations', 360, LOAD_FALLS_SECONDS)
    const throttles = figures.sum('api', 'Throttles', 360, LOAD_FALLS_SECONDS)
    return [
      `Until the slow-down ${percent(before)} of the requests succeed`,
      `until 15m, with the database as fast as ever, ${percent(after)} do, at ${((invocations + throttles) / requests).toFixed(1)} attempts for each request`,
      `in the last 4 minutes ${percent(relieved)} succeed`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `a tenth of the requests: ${failedShare(figures)} of the requests fail`,
      ],
    },
    {
      expects: (figures) => [
        `somebody still waits for: ${failedShare(figures)} of the requests fail`,
      ],
    },
    { expects: (figures) => [`all the time: ${failedShare(figures)} of the requests fail`] },
  ],
})
