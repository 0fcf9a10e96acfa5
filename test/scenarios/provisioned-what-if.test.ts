import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { milliseconds, percent } from '../../src/report/phrase.ts'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import { describeLesson } from './lesson.ts'

describeLesson({
  name: 'provisioned-what-if',
  exitCode: 99,
  expects: (figures) => [
    `On demand ${figures.share('quotes', 'ColdStarts')} of the invocations are cold`,
    `thousand requests takes ${milliseconds(figures.value('brokers', 'ClientLatency', 'p99.9'))}`,
  ],
  tries: [
    {},
    {
      expects: (figures) => {
        const busy = figures.value('quotes', 'ProvisionedConcurrencyUtilization', 'average')
        const cold = figures.share('quotes', 'ColdStarts')
        return [`${percent(busy)} of it are busy, and ${cold} of the invocations are cold`]
      },
    },
  ],
})

test('provisioned-what-if: office hours cost the least of what keeps the promise', () =>
  inTemporaryDirectory(
    async (directory) => {
      const words = ['compare', 'provisioned-what-if.yaml', '--format', 'json']
      const { stdout } = await call(directory, words)
      const { advice, breakEvens } = JSON.parse(stdout)
      expect(advice.meeting).toEqual(['all-day', 'office-hours'])
      expect(advice.cheapest).toMatchObject({ name: 'office-hours', basis: 'month' })
      const { costUsd, next } = advice.cheapest
      expect(next).toMatchObject({ name: 'all-day', isDetectable: true })
      expect(Math.round((100 * next.excessUsd) / costUsd)).toBe(29)
      for (const { utilisation, breakEven } of breakEvens)
        expect(utilisation).toBeLessThan(breakEven)
    },
    fileURLToPath(new URL('../../scenarios/', import.meta.url)),
  ))
