import { expect } from 'vitest'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const turnedAway = (figures: Figures) => `${figures.outcomes('shop', 'throttled')} customers`
const length = (figures: Figures) => figures.time('nightly', 'ExecutionTime', 'maximum')

describeLesson({
  name: 'map-starves-shop',
  expects: (figures) => {
    expect(figures.outcome('nightly.Rows', 'succeeded')).toBe(200_000)
    return [
      `${turnedAway(figures)} are turned away while the job runs, which takes ${length(figures)}`,
      `starts ${figures.count('nightly', 'ChildExecutionsStarted')} child executions, and their function is throttled ${figures.count('import-rows', 'Throttles')} times`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${turnedAway(figures)} are turned away, and the job takes ${length(figures)}`,
      ],
    },
    {
      expects: (figures) => [
        `${turnedAway(figures)} are turned away. The job takes ${length(figures)} and meets ${figures.count('import-rows', 'Throttles')} throttles`,
      ],
    },
    {
      expects: (figures) => {
        expect(figures.outcome('nightly', 'failed')).toBe(1)
        return [
          `${turnedAway(figures)} are turned away, but`,
          `fails after ${length(figures)} with ${figures.outcomes('nightly.Rows', 'dropped')} rows dropped`,
        ]
      },
    },
  ],
})
