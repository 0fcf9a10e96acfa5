import { expect } from 'vitest'
import { count, countOf, instant } from '../../src/report/phrase.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const SPILLED = 'ProvisionedConcurrencySpilloverInvocations'
const SPIKE_S = 15 * 60

function coldStarts(figures: Figures): string {
  return countOf(figures.value('order', 'ColdStarts', 'sum'), 'cold start')
}

describeLesson({
  name: 'auto-scaling-too-slow',
  expects: (figures) => {
    const atOnce = figures.sum('order', 'ColdStarts', SPIKE_S, SPIKE_S + 60)
    const readyS = figures.firstAbove('order:live', 'AllocatedProvisionedConcurrentExecutions', 20)
    // Three minutes of alarm and one to two of allocation.
    expect(readyS).toBeGreaterThanOrEqual(SPIKE_S + 4 * 60)
    expect(readyS).toBeLessThanOrEqual(SPIKE_S + 5 * 60)
    return [
      `${coldStarts(figures)}, ${count(atOnce)} of them in the first minute of the spike`,
      `are ready at ${instant(readyS * 1e6)}, after`,
      `${figures.count('order', SPILLED)} invocations have spilled over`,
    ]
  },
  tries: [{ expects: (figures) => [coldStarts(figures)] }],
})
