import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

function billed(figures: Figures): string {
  return `${figures.count('report', 'BilledDuration')} ms are billed`
}

describeLesson({
  name: 'init-billing',
  expects: (figures) => [
    `${figures.count('report', 'ColdStarts')} of ${figures.count('report', 'Invocations')} calls start cold (${figures.share('report', 'ColdStarts')})`,
    billed(figures),
  ],
  tries: [{ expects: (figures) => [billed(figures)] }, { expects: (figures) => [billed(figures)] }],
})
