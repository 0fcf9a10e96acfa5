import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'sns-fan-out',
  expects: (figures) => {
    const waiting =
      figures.outcome('to-warehouse', 'queued') + figures.outcome('to-warehouse', 'inFlight')
    expect(figures.value('orders', 'NumberOfMessagesPublished', 'sum')).toBe(
      figures.outcome('shop', 'entered'),
    )
    return [
      `${count(waiting)} orders wait for the warehouse, and the longest wait was ${figures.time('to-warehouse', 'EndToEndLatency', 'maximum')}`,
      `99% of the orders reach the stock within ${figures.time('to-stock', 'EndToEndLatency', 'p99')} and the mail within ${figures.time('to-mail', 'EndToEndLatency', 'p99')}`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `99% of its orders take at most ${figures.time('to-warehouse', 'EndToEndLatency', 'p99')}`,
      ],
    },
    {
      expects: (figures) => [
        `99% take at most ${figures.time('to-warehouse', 'EndToEndLatency', 'p99')}, and ${figures.outcomes('orders', 'filtered')} copies are not sent at all`,
      ],
    },
  ],
})
