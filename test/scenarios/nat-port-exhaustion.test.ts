import { expect } from 'vitest'
import type { Figures } from './figures.ts'
import { type Attempt, describeLesson } from './lesson.ts'

const withoutErrors = (more: (figures: Figures) => string): Attempt => ({
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    return [`${figures.count('out', 'ErrorPortAllocation')} calls get no port`, more(figures)]
  },
})

describeLesson({
  name: 'nat-port-exhaustion',
  expects: (figures) => {
    expect(figures.sum('out', 'ErrorPortAllocation', 0, 120)).toBe(0)
    expect(figures.causes()).toEqual(['account-concurrency'])
    return [
      `${figures.share('out', 'ErrorPortAllocation')} of the connections get no port, none of them in the first two minutes`,
      `${figures.count('out', 'AllocatedPorts', 'maximum')} ports are taken, by ${figures.count('payments', 'CallsInService', 'maximum')} calls in service at most`,
      `The peak concurrency is ${figures.count('checkout', 'ConcurrentExecutions', 'maximum')}, and ${figures.count('checkout', 'Throttles')} requests are throttled at the account's limit`,
    ]
  },
  tries: [
    withoutErrors(
      (figures) =>
        `${figures.count('out', 'ActiveConnectionCount', 'maximum')} connections carry it all`,
    ),
    withoutErrors(
      (figures) =>
        `At the peak ${figures.count('out', 'AllocatedPorts', 'maximum')} ports are taken`,
    ),
    withoutErrors(
      (figures) => `no more than ${figures.count('out', 'AllocatedPorts', 'maximum')} are taken`,
    ),
  ],
})
