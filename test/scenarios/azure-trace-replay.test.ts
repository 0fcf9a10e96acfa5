import { expect } from 'vitest'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'azure-trace-replay',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    const cold = (name: string) => figures.count(name, 'ColdStarts')
    const calls = (name: string) => figures.count(name, 'Requests')
    return [
      `${cold('fan-out')} of its ${calls('fan-out')} calls are cold`,
      `for ${32 - Number(cold('fan-out'))} of the second 16 meet an environment that is still warm`,
      `${cold('chain')} cold starts, because two calls overlap`,
      `${cold('minutely')} cold start of ${calls('minutely')} for the one of a minute`,
      `${cold('five-minutely')} of ${calls('five-minutely')} for the one of five minutes`,
      `${cold('ten-minutely')} of ${calls('ten-minutely')} for the one of ten`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.value('minutely', 'ColdStarts', 'sum')).toBe(
          figures.value('minutely', 'Invocations', 'sum'),
        )
        return [`all ${figures.count('minutely', 'Invocations')} calls are cold`]
      },
    },
    {
      expects: (figures) => {
        expect(figures.causes()).toEqual([])
        return []
      },
    },
  ],
})
