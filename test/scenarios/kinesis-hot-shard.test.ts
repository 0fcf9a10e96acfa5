import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'kinesis-hot-shard',
  expects: (figures) => {
    const refused = figures.outcome('players', 'throttled')
    expect(figures.value('plays', 'WriteProvisionedThroughputExceeded', 'sum')).toBe(refused)
    const rate = figures.value('plays', 'IncomingRecords', 'sum') / 300
    return [
      `${count(refused)} of ${figures.outcomes('players', 'entered')} records are refused in five minutes: ${figures.share('players', 'ThrottledRequests')}`,
      `it takes ${count(rate)} of the 4,000 records a second`,
      `within ${figures.time('plays', 'EndToEndLatency', 'p50')} in the median`,
    ]
  },
  tries: [
    { expects: (figures) => [`${figures.share('players', 'ThrottledRequests')} are refused`] },
    {
      expects: (figures) => [`${figures.outcomes('players', 'throttled')} records are refused`],
    },
  ],
})
