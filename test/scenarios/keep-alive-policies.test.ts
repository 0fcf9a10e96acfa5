import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { withPopulation } from '../../scripts/population.ts'
import { count } from '../../src/report/phrase.ts'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import { readHeader } from './header.ts'
import { describeLesson } from './lesson.ts'

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url))
const TEXT = readFileSync(`${SCENARIOS}keep-alive-policies.yaml`, 'utf8')

describeLesson({
  name: 'keep-alive-policies',
  expects: (figures) => [`f30, has ${figures.count('f30', 'ColdStarts')} cold starts as written`],
  tries: [
    {},
    {},
    { expects: (figures) => [`f30 has ${figures.count('f30', 'ColdStarts')} cold starts.`] },
  ],
  // The summary of sixty functions is long, and the comparison is the point.
  results: ['run.json'],
})

interface Total {
  readonly coldStarts: number
  readonly gigabyteSeconds: number
  /** Of cold starts and of memory, against the scenario as written. */
  readonly verdicts: readonly string[]
}

function totals(set: readonly string[]): Promise<Record<string, Total>> {
  return inTemporaryDirectory(async (directory) => {
    const words = ['compare', 'keep-alive-policies.yaml', '--format', 'json', ...set]
    const { rows, scenarios } = JSON.parse((await call(directory, words)).stdout)
    return Object.fromEntries(
      scenarios.map(({ name }: { name: string }) => {
        const total = (metric: string) =>
          rows.find(
            (row: Record<string, unknown>) =>
              row.contender === name &&
              row.scope === 'account' &&
              row.metric === metric &&
              row.statistic === 'sum',
          )
        const [cold, held] = [total('ColdStarts'), total('MemoryTime')]
        const verdicts = [cold.verdict, held.verdict]
        return [name, { coldStarts: cold.value, gigabyteSeconds: held.value, verdicts }]
      }),
    )
  }, SCENARIOS)
}

const part = (one: number, of: number): string => `${Math.round((100 * one) / of)}%`

describe('the comparison of keep-alive policies', () => {
  const { expect: expectation, outcomes } = readHeader(TEXT)

  test('is on the population that the script writes', () => {
    expect(withPopulation(TEXT)).toBe(TEXT)
  })

  test('has the direction of the papers: fewer cold starts for no more memory', async () => {
    const all = await totals([])
    const fixed = all['as-written']!
    for (const [name, { coldStarts, gigabyteSeconds }] of Object.entries(all)) {
      const millions = (gigabyteSeconds / 1e6).toFixed(2)
      const figures = `${count(coldStarts)} cold starts, ${millions} million GB-s held`
      expect(expectation).toContain(`${name} ${figures}`)
    }
    for (const name of ['hybrid-histogram', 'greedy-dual']) {
      expect(all[name]!.verdicts, name).toEqual(['lower', 'lower'])
    }
    const fewer = (name: string) =>
      `${part(fixed.coldStarts - all[name]!.coldStarts, fixed.coldStarts)} fewer`
    expect(expectation).toContain(`the histogram has ${fewer('hybrid-histogram')} cold starts`)
    expect(expectation).toContain(`greedy-dual ${fewer('greedy-dual')}`)
    expect(all['hybrid-4h']!.coldStarts).toBeLessThan(all['fixed-1h']!.coldStarts)
    expect(all['hybrid-4h']!.gigabyteSeconds).toBeLessThan(all['fixed-1h']!.gigabyteSeconds)
  })

  test('gives the histogram nothing to foresee where no function is called by a timer', async () => {
    const all = await totals(['--set', 'traffic.*.process=poisson'])
    const fixed = all['as-written']!
    const [histogram, greedy] = [all['hybrid-histogram']!, all['greedy-dual']!]
    const more = (other: Total) =>
      `${part(other.gigabyteSeconds - fixed.gigabyteSeconds, fixed.gigabyteSeconds)} more`
    const fewer = `${part(fixed.coldStarts - greedy.coldStarts, fixed.coldStarts)} fewer`
    expect(outcomes[1]).toContain(`the histogram holds ${more(histogram)} memory`)
    expect(outcomes[1]).toContain(`has ${fewer} cold starts, for ${more(greedy)}`)
  })
})
