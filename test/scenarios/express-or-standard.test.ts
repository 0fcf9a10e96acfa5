import { expect } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { describeLesson } from './lesson.ts'

const MS_PER_SECOND = 1_000

describeLesson({
  name: 'express-or-standard',
  expects: (figures) => {
    expect(figures.value('express', 'ExecutionsRefused', 'sum')).toBe(0)
    const billedMs = figures.value('express', 'ExpressExecutionBilledDuration', 'sum')
    return [
      `refuses ${figures.count('standard', 'ExecutionsRefused')} of ${figures.outcomes('to-standard', 'entered')} orders`,
      `takes ${figures.time('standard', 'ExecutionTime', 'p50')} at the median in the one and ${figures.time('express', 'ExecutionTime', 'p50')} in the other`,
      `counts ${figures.count('standard', 'StateTransitions')} state transitions of the one, and ${count(billedMs / MS_PER_SECOND)} seconds of executions`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `refuses ${figures.count('standard', 'ExecutionsRefused')} of the Standard executions, and delays ${figures.count('standard', 'ExecutionThrottled')} of their`,
      ],
    },
    {
      expects: (figures) => {
        expect(figures.value('standard', 'ExecutionsRefused', 'sum')).toBe(0)
        return [
          `${figures.count('standard', 'ExecutionThrottled')} wait, and a checkout takes ${figures.time('standard', 'ExecutionTime', 'p99')} at the 99th percentile`,
        ]
      },
    },
    {
      expects: (figures) => [
        `some run twice: ${figures.count('express', 'DuplicateExecutions')} of them`,
      ],
    },
  ],
})
