import { describe, expect, it } from 'vitest'
import { BlockStream, type Sampler } from '../../src/kernel/block-stream.ts'
import { namedGenerator } from '../../src/kernel/generator.ts'
import { Exponential } from '../../src/model/distributions/exponential.ts'
import { Lognormal } from '../../src/model/distributions/lognormal.ts'

function draws(sampler: Sampler, blockSize: number, count = 1_000): number[] {
  const stream = new BlockStream(namedGenerator('block'), sampler, blockSize)
  return Array.from({ length: count }, () => stream.next())
}

describe('a block stream', () => {
  it.each([
    ['one draw per value', new Exponential(1_000)],
    ['a varying number of draws per value', new Lognormal(3, 0.5)],
  ])('gives the same values whatever its block size: %s', (_name, sampler) => {
    const oneByOne = draws(sampler, 1)
    for (const blockSize of [2, 7, 256, 4_096]) expect(draws(sampler, blockSize)).toEqual(oneByOne)
  })

  it('asks its sampler for nothing before the first value is wanted', () => {
    let fills = 0
    const counting: Sampler = {
      fill(_generator, values) {
        values.fill(++fills)
      },
    }
    const stream = new BlockStream(namedGenerator('block'), counting, 2)
    expect(fills).toBe(0)
    expect([stream.next(), stream.next(), stream.next()]).toEqual([1, 1, 2])
  })
})
