import { expect } from 'vitest'
import { count, percent } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'kinesis-poison-record',
  expects: (figures) => {
    const entered = figures.outcome('clicks', 'entered')
    const unread = figures.outcome('clicks', 'queued') + figures.outcome('clicks', 'inFlight')
    return [
      `After 50 minutes of ${figures.count('audit', 'Errors')} failed invocations IteratorAge is ${figures.time('audit.clicks', 'IteratorAge', 'maximum')}, and ${count(unread)} of ${count(entered)} records are unread: ${percent(unread / entered)} of the hour`,
      `took ${figures.time('clicks', 'EndToEndLatency', 'p50')} in the median`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.outcome('failed', 'entered')).toBe(1)
        return [
          `${figures.outcomes('clicks', 'deliveredToDestination')} records are given up with one report`,
          `IteratorAge stays below ${figures.time('audit.clicks', 'IteratorAge', 'maximum')}`,
        ]
      },
    },
    {
      expects: (figures) => {
        expect(figures.outcome('failed', 'entered')).toBe(1)
        return [
          `${figures.outcomes('clicks', 'deliveredToDestination')} record is given up, after ${figures.count('audit', 'Errors')} failed invocations`,
          `IteratorAge is at most ${figures.time('audit.clicks', 'IteratorAge', 'maximum')}`,
        ]
      },
    },
  ],
})
