import { expect } from 'vitest'
import { exp } from '../../src/kernel/elementary.ts'
import { describeLesson } from './lesson.ts'

const IDLE_HOURS = 0.1

describeLesson({
  name: 'idle-function',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    const callsPerHour = { '2h': 0.5, '1h': 1, '20m': 3, '10m': 6, '5m': 12, '2m': 30, '1m': 60 }
    return Object.entries(callsPerHour).map(([name, rate]) => {
      const formula = 100 * exp(-rate * IDLE_HOURS)
      return `every-${name} ${figures.share(`every-${name}`, 'ColdStarts')} (${formula.toFixed(rate === 60 ? 2 : 1)}%)`
    })
  },
  tries: [
    {
      expects: (figures) => [`${figures.share('every-10m', 'ColdStarts')} instead of`],
    },
  ],
})
