import { expect } from 'vitest'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const slowest = (figures: Figures) =>
  `slowest answer takes ${figures.time('office', 'ClientLatency', 'maximum')}`
const throttles = (figures: Figures) =>
  `${figures.count('reports', 'Throttles')} requests are throttled`

describeLesson({
  name: 'vpc-before-2019',
  expects: (figures) => {
    expect(figures.causes()).toEqual(['network-interfaces'])
    expect(figures.value('main', 'NetworkInterfaces', 'maximum')).toBe(250)
    return [
      `${figures.share('reports', 'Throttles')} of the attempts are throttled, from ${figures.throttledWhen('reports')}, at ${figures.count('reports', 'ConcurrentExecutions', 'maximum')} concurrent requests`,
      `waits for its interface for ${figures.time('reports', 'PlacementDuration', 'average')} on average`,
      slowest(figures),
    ]
  },
  tries: [
    {
      expects: (figures) => [
        throttles(figures),
        slowest(figures),
        `${figures.count('main', 'NetworkInterfaces', 'maximum')} interfaces are all it needs`,
      ],
    },
    {
      expects: (figures) => [
        `${figures.count('main', 'NetworkInterfaceErrors')} attempts find no interface`,
        `in use at the peak, ${figures.count('main', 'NetworkInterfaces', 'maximum')}, because`,
        slowest(figures),
      ],
    },
  ],
})
