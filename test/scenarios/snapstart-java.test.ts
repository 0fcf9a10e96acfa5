import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'snapstart-java',
  expects: (figures) => [
    `${figures.count('quote', 'SnapStartRestores')} environments are restored`,
    `in ${figures.time('quote', 'RestoreDuration', 'p50')} (p50)`,
    `${figures.time('quote', 'RestoreDuration', 'maximum')} at most`,
    `p99 is ${figures.time('brokers', 'ClientLatency', 'p99')}`,
  ],
  tries: [
    {
      expects: (figures) => [
        `p99 ${figures.time('brokers', 'ClientLatency', 'p99')}`,
        `${figures.count('quote', 'ColdStarts')} cold starts`,
      ],
    },
  ],
})
