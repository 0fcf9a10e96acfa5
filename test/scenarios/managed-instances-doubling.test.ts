import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import type { Figures } from './figures.ts'
import { describeLesson } from './lesson.ts'

const refused = (figures: Figures): string =>
  `${figures.count('shop', 'ThrottledRequests')} requests are refused`

describeLesson({
  name: 'managed-instances-doubling',
  expects: (figures) => {
    const quadrupling = 25 * 60
    expect(figures.sum('api', 'Throttles', 0, quadrupling)).toBe(0)
    expect(figures.causes()).toEqual(['managed-concurrency'])
    expect(figures.value('api', 'ColdStarts', 'sum')).toBe(0)
    expect(figures.value('api', 'ExecutionEnvironments', 'minimum')).toBe(3)
    return [
      `${figures.count('shop', 'ThrottledRequests')} requests are, from ${figures.throttledWhen('api')}`,
      `to ${figures.count('api', 'ExecutionEnvironments', 'maximum')}, on ${figures.count('fleet', 'ManagedInstances', 'maximum')} instances`,
      `The run costs ${figures.costUsd}`,
    ]
  },
  tries: [
    { expects: (figures) => [refused(figures), `costs ${figures.costUsd}`] },
    { expects: (figures) => [refused(figures)] },
    {
      expects: (figures) => {
        expect(figures.throttles[0]!.lastSeconds).toBeGreaterThan(34 * 60)
        return [`${figures.share('shop', 'ThrottledRequests')} of the requests are refused`]
      },
    },
    {},
  ],
})

test("managed-instances-doubling: Lambda's own compute costs more for this load", () =>
  inTemporaryDirectory(
    async (directory) => {
      const words = ['compare', 'managed-instances-doubling.yaml', '--replications', '3']
      const { stdout } = await call(directory, [...words, '--format', 'json'])
      const { cheapest } = JSON.parse(stdout).advice
      expect(cheapest).toMatchObject({ name: 'as-written', basis: 'run' })
      expect(cheapest.next).toMatchObject({ name: 'lambda', isDetectable: true })
    },
    fileURLToPath(new URL('../../scenarios/', import.meta.url)),
  ))
