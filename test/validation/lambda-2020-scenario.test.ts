import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { percent } from '../../src/report/phrase.ts'
import { readHeader } from '../scenarios/header.ts'
import { describeLesson } from '../scenarios/lesson.ts'
import { run } from '../support/run.ts'
import { measuredRates } from './model-2020.ts'

const SCENARIO = new URL('../../scenarios/lambda-2020.yaml', import.meta.url)

const NONE = 'of calls find no environment'

describeLesson({
  name: 'lambda-2020',
  expects: (figures) => {
    expect(figures.causes()).toEqual([])
    const environments = figures.value('measured', 'ExecutionEnvironments', 'average')
    const busy = figures.value('measured', 'ConcurrentExecutions', 'average')
    return [
      `${figures.share('measured', 'ColdStarts')} ${NONE}`,
      `On average ${environments.toFixed(2)} environments exist, and ${busy.toFixed(2)} are busy`,
    ]
  },
  tries: [
    {
      expects: (figures) => [
        `${figures.share('measured', 'ColdStarts')} ${NONE}, and every one of them waits`,
      ],
    },
    {
      expects: (figures) => [`${figures.share('measured', 'ColdStarts')} ${NONE}. Measured`],
    },
  ],
})

test('lambda-2020 tells what was measured, and how many first uses were simulated', async () => {
  const text = readFileSync(SCENARIO, 'utf8')
  const [lowest] = measuredRates()
  const measured = measuredRates().find(({ ratePerSecond }) => ratePerSecond === '0.100377')!
  const { story, outcomes, expect: expected } = readHeader(text)
  const probability = percent(measured.coldStartProbability)
  expect(story).toContain(`Of all calls ${probability} were the first`)
  expect(story).toContain(`${measured.meanInstances.toFixed(2)} environments were in use`)
  expect(outcomes[1]).toContain(`Measured: ${percent(lowest!.coldStartProbability)}`)
  expect(outcomes[1]).toContain(`error of ${percent(lowest!.coldStartStandardError)}`)
  const { attempts } = await run(text)
  const firstUses = new Set(attempts.map(({ environment }) => environment)).size
  const share = percent(firstUses / attempts.length)
  expect(expected).toContain(`${share} are the first of theirs (measured: ${probability})`)
})
