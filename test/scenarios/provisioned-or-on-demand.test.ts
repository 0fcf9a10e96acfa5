import { expect } from 'vitest'
import { countOf, percent } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

/** From Lambda's list prices of October 2026, us-east-1: 0.0000041667 / (0.0000166667 - 0.0000097222). */
const BREAK_EVEN = 0.6

function busy(figures: Figures, name: string, provisioned: number): number {
  return figures.value(name, 'ProvisionedConcurrentExecutions', 'average') / provisioned
}

function coldStarts(figures: Figures, name: string): string {
  return countOf(figures.value(name, 'ColdStarts', 'sum'), 'cold start')
}

describeLesson({
  name: 'provisioned-or-on-demand',
  expects: (figures) => {
    const steady = busy(figures, 'steady', 40)
    const daily = busy(figures, 'daily', 70)
    const spiky = busy(figures, 'spiky', 100)
    expect(steady).toBeGreaterThan(BREAK_EVEN)
    expect(daily).toBeLessThan(BREAK_EVEN)
    expect(spiky).toBeLessThan(BREAK_EVEN)
    return [
      `steady keeps ${percent(steady)} busy, daily ${percent(daily)} and spiky ${percent(spiky)}`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        const requested = 'RequestedProvisionedConcurrentExecutions'
        const share = busy(figures, 'daily', figures.value('daily:live', requested, 'average'))
        expect(share).toBeGreaterThan(BREAK_EVEN)
        return [`${percent(share)} of it are busy, with ${coldStarts(figures, 'daily')}`]
      },
    },
    {
      expects: (figures) => [
        `${coldStarts(figures, 'spiky')}, ${figures.share('spiky', 'ColdStarts')} of the calls`,
      ],
    },
  ],
})
