import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'fifo-head-of-line',
  expects: (figures) => [
    `${figures.outcomes('bookings', 'deadLettered')} message is dead-lettered after ${figures.count('ledger', 'Errors')} failed invocations`,
    `wait up to ${figures.time('bookings', 'EndToEndLatency', 'maximum')}`,
    `Half of all bookings take ${figures.time('bookings', 'EndToEndLatency', 'p50')} and 99% at most ${figures.time('bookings', 'EndToEndLatency', 'p99')}`,
  ],
  tries: [
    {
      expects: (figures) => [
        `nobody waits longer than ${figures.time('bookings', 'EndToEndLatency', 'maximum')}`,
      ],
    },
    {
      expects: (figures) => [
        `${figures.outcomes('bookings', 'queued')} are left at the end of the half hour`,
      ],
    },
  ],
})
