import { count } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const MB_PER_GB = 1_024
const MS_PER_SECOND = 1_000

function gigabyteSeconds(figures: Figures, memoryMb: number): string {
  const billedMs = figures.value('resize', 'BilledDuration', 'sum')
  return count(Math.round((billedMs * memoryMb) / MB_PER_GB / MS_PER_SECOND))
}

function median(figures: Figures): string {
  return `p50 ${figures.time('uploads', 'ClientLatency', 'p50')}`
}

describeLesson({
  name: 'memory-power-tuning',
  expects: (figures) => [
    median(figures),
    `ten minutes use ${gigabyteSeconds(figures, 256)} GB-seconds`,
  ],
  tries: [512, 1024, 1769, 3538].map((memoryMb) => ({
    expects: (figures) => [
      `${median(figures)} for ${gigabyteSeconds(figures, memoryMb)} GB-seconds`,
    ],
  })),
})
