import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'callback-timeout',
  expects: (figures) => {
    // Two waits of four hours, and a second between them.
    expect(figures.value('approval', 'ExecutionTime', 'maximum')).toBe(28_801_000)
    return [
      `In two days ${figures.outcomes('approval', 'entered')} expenses are asked for. The workflow asks ${figures.count('approval.AskForApproval', 'StateRetries')} of them a second time, and ${figures.count('managers', 'NumberOfMessagesPublished')} go to the manager`,
      `Up to ${figures.count('approval', 'OpenExecutions', 'maximum')} executions are open at once, and an expense takes ${figures.time('approval', 'ExecutionTime', 'p50')} at the median`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `takes ${figures.time('approval', 'ExecutionTime', 'p50')} at the median, and up to ${figures.count('approval', 'OpenExecutions', 'maximum')} are open`,
      ],
    },
  ],
})
