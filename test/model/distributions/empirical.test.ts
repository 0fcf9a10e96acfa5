import { describe, expect, it } from 'vitest'
import { loadEmpirical } from '../../../src/model/distributions/empirical.ts'
import { createDistribution } from '../../../src/model/distributions/index.ts'
import { memoryFiles } from './cases.ts'

function load(text: string) {
  return loadEmpirical('measured.txt', memoryFiles({ 'measured.txt': text }))
}

describe('a file of measured durations', () => {
  it('holds a value per line, bare ones in milliseconds, and is sorted', async () => {
    const text = '\uFEFF# from production\r\n250\r\n1.5s\r\n\r\n 40us \n0.5'
    expect(await load(text)).toEqual({ samples: [40, 500, 250_000, 1_500_000] })
  })

  it('names the line that is not a duration', async () => {
    await expect(load('12\nabout 5\n')).rejects.toThrow(
      /^measured\.txt, line 2: `about 5` is not a duration/,
    )
    await expect(load('12\n\n-3')).rejects.toThrow(/^measured\.txt, line 3: .*negative/)
  })

  it('needs a value', async () => {
    await expect(load('# nothing\n')).rejects.toThrow('measured.txt has no values')
  })

  it('has each value as quantile of its rank', async () => {
    const samples = Array.from({ length: 100 }, (_, index) => index + 1)
    const { quantile } = bound(createDistribution({ kind: 'empirical', options: { samples } }))
    // 0.07 * 100 is 7.000000000000001 in doubles and still means the seventh.
    expect([0, 0.01, 0.07, 0.5, 0.99, 1].map(quantile)).toEqual([1, 1, 7, 50, 99, 100])
  })

  it('must be loaded before use', async () => {
    const choice = { kind: 'empirical', options: { file: 'measured.txt' } }
    expect(() => createDistribution(choice)).toThrow('has to be loaded')
    const files = memoryFiles({ 'measured.txt': '7' })
    const options = await loadEmpirical('measured.txt', files)
    expect(createDistribution({ kind: 'empirical', options }).mean).toBe(7000)
    await expect(loadEmpirical('other.txt', files)).rejects.toThrow('does not exist')
  })
})

function bound(distribution: { quantile(probability: number): number }) {
  return { quantile: (probability: number) => distribution.quantile(probability) }
}
