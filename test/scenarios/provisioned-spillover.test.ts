import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import { describeLesson } from './lesson.ts'

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url))
const SPILLED = 'ProvisionedConcurrencySpilloverInvocations'

describeLesson({
  name: 'provisioned-spillover',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    const inSecondTenMinutes = figures.sum('quote', SPILLED, 600, 1200)
    expect(inSecondTenMinutes).toBeGreaterThan(0.98 * figures.value('quote', SPILLED, 'sum'))
    const share =
      figures.value('session', SPILLED, 'sum') / figures.value('session', 'Invocations', 'sum')
    const busy = figures.count('session', 'ProvisionedConcurrentExecutions', 'maximum')
    return [
      `${figures.count('quote', SPILLED)} requests to quote spill over because all environments are busy`,
      `${figures.count('quote', 'ColdStarts')} of them wait for a cold start`,
      `${figures.count('session', SPILLED)} requests to session (${percent(share)}) spill over for the request rate`,
      `no more than ${busy} of its 20 environments are ever busy`,
    ]
  },
  tries: [
    {
      expects: (figures) => {
        expect(figures.value('session', SPILLED, 'sum')).toBe(0)
        return ['no request to session spills over']
      },
    },
    {},
  ],
})

describe('provisioned-spillover', () => {
  test('has one spillover reason per function in its attempts', async () => {
    await inTemporaryDirectory(async (directory) => {
      const rate = 'traffic.brokers.stages.0.rate=160/s'
      const scenario = ['run', 'provisioned-spillover.yaml', '--set', 'duration=1m', '--set', rate]
      await call(directory, [...scenario, '--invocations', 'attempts.csv'])
      const [head, ...rows] = readFileSync(join(directory, 'attempts.csv'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(','))
      const functionColumn = head!.indexOf('function')
      const reasonColumn = head!.indexOf('spillover_reason')
      const reasons = new Set(rows.map((row) => `${row[functionColumn]} ${row[reasonColumn]}`))
      expect([...reasons].sort()).toEqual(['quote ', 'quote busy', 'session ', 'session rate'])
    }, SCENARIOS)
  })
})
