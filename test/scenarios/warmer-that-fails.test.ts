import { expect } from 'vitest'
import { count, countOf } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

function ofPings(figures: Figures): number {
  return figures.value('booking.warm', 'WarmerColdStarts', 'sum')
}

function people(figures: Figures): string {
  const met = figures.value('booking', 'ColdStarts', 'sum') - ofPings(figures)
  return `people meet ${countOf(met, 'cold start')}`
}

describeLesson({
  name: 'warmer-that-fails',
  expects: (figures) => {
    const coldInRushes = [119, 239, 359].reduce(
      (sum, minute) => sum + figures.sum('booking', 'ColdStarts', minute * 60, (minute + 1) * 60),
      0,
    )
    const all = figures.value('booking', 'ColdStarts', 'sum')
    expect(coldInRushes).toBeGreaterThan(0.95 * (all - ofPings(figures)))
    return [people(figures), `${count(ofPings(figures))} pings do`]
  },
  tries: [
    { expects: (figures) => [people(figures)] },
    { expects: (figures) => [people(figures)] },
    {
      expects: (figures) => [
        people(figures),
        `${figures.count('booking.warm', 'WarmerPings')} pings`,
        `${figures.value('booking', 'ExecutionEnvironments', 'average').toFixed(1)} environments`,
      ],
    },
  ],
})
