import { describe, expect, it } from 'vitest'
import { Generator, hashName, mixBits, namedGenerator, rekey } from '../../src/kernel/generator.ts'
import { normalQuantile } from '../../src/kernel/special-functions.ts'

/**
 * The value that a chi-square of `degrees` degrees of freedom exceeds once in a hundred million
 * times (Wilson and Hilferty, 1931); at 255 degrees its relative error is below 1e-3.
 */
function chiSquareBound(degrees: number): number {
  const part = 2 / (9 * degrees)
  return degrees * (1 - part + normalQuantile(1 - 1e-8) * Math.sqrt(part)) ** 3
}

/** Chi-square of cell numbers against equal shares. */
function chiSquare(cells: Iterable<number>, cellCount: number): number {
  const counts = new Float64Array(cellCount)
  let total = 0
  for (const cell of cells) {
    counts[cell]!++
    total++
  }
  const expected = total / cellCount
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function first(generator: Generator, count = 4): number[] {
  return Array.from({ length: count }, () => generator.nextInt32())
}

describe('a named generator', () => {
  it('gives the same draws for the same name, and others for another', () => {
    expect(first(namedGenerator('7/0/shoppers/arrival'))).toEqual(
      first(namedGenerator('7/0/shoppers/arrival')),
    )
    const names = ['7/0/shoppers/arrival', '8/0/shoppers/arrival', '7/1/shoppers/arrival', '', 'a']
    const starts = names.map((name) => first(namedGenerator(name)).join())
    expect(new Set(starts).size).toBe(names.length)
  })

  it('fills the unit interval evenly, by its upper and its lower bits', () => {
    const generator = namedGenerator('uniformity')
    const draws = Array.from({ length: 200_000 }, () => generator.nextUniform())
    const bound = chiSquareBound(255)
    expect(
      chiSquare(
        draws.map((draw) => Math.floor(draw * 256)),
        256,
      ),
    ).toBeLessThan(bound)
    const lowBits = draws.map((draw) => (draw * 2 ** 53) % 256)
    expect(chiSquare(lowBits, 256)).toBeLessThan(bound)
  })

  it('has no memory from one draw to the next', () => {
    const generator = namedGenerator('pairs')
    const pairs = Array.from(
      { length: 200_000 },
      () =>
        16 * Math.floor(generator.nextUniform() * 16) + Math.floor(generator.nextUniform() * 16),
    )
    expect(chiSquare(pairs, 256)).toBeLessThan(chiSquareBound(255))
  })
})

describe('a uniform draw', () => {
  it('lies in [0, 1), and an open one never touches either end', () => {
    class Fixed extends Generator {
      private readonly word: number
      constructor(word: number) {
        super()
        this.word = word
      }
      override nextInt32(): number {
        return this.word
      }
    }
    expect(new Fixed(0).nextUniform()).toBe(0)
    expect(new Fixed(-1).nextUniform()).toBe(1 - 2 ** -53)
    expect(new Fixed(0).nextOpenUniform()).toBe(2 ** -33)
    expect(new Fixed(-1).nextOpenUniform()).toBe(1 - 2 ** -33)
  })
})

describe('a keyed draw', () => {
  const key = [hashName('7/0/api'), 12_345, hashName('init'), 0] as const
  const drawOf = (stream: number, ordinal: number, purpose: number, index: number): string =>
    first(rekey(new Generator(), stream, ordinal, purpose, index)).join()

  it('is the same for the same four parts, whatever the generator did before', () => {
    const used = namedGenerator('something else')
    first(used, 1_000)
    expect(first(rekey(used, ...key)).join()).toBe(drawOf(...key))
  })

  it('differs with each of the four parts, the high word of the ordinal included', () => {
    const [stream, ordinal, purpose, index] = key
    const draws = [
      drawOf(...key),
      drawOf(stream + 1, ordinal, purpose, index),
      drawOf(stream, ordinal + 1, purpose, index),
      drawOf(stream, ordinal + 2 ** 32, purpose, index),
      drawOf(stream, ordinal, purpose + 1, index),
      drawOf(stream, ordinal, purpose, index + 1),
      drawOf(stream, ordinal, purpose, -1),
    ]
    expect(new Set(draws).size).toBe(draws.length)
  })

  it.each<[string, (k: number) => [number, number, number, number]]>([
    ['ordinal', (k) => [1, k, 2, 3]],
    ['ordinal of users', (k) => [1, k * 2 ** 32, 2, 3]],
    ['purpose', (k) => [1, 2, k, 3]],
    ['index', (k) => [1, 2, 3, k]],
    ['stream', (k) => [k, 1, 2, 3]],
  ])('is uniform and independent from one %s to the next', (_part, keyOf) => {
    const generator = new Generator()
    const draws = Array.from({ length: 100_000 }, (_, k) =>
      rekey(generator, ...keyOf(k)).nextUniform(),
    )
    expect(
      chiSquare(
        draws.map((draw) => Math.floor(draw * 256)),
        256,
      ),
    ).toBeLessThan(chiSquareBound(255))
    const cells = draws.map((draw) => Math.floor(draw * 16))
    const pairs = cells.slice(1).map((cell, index) => 16 * cells[index]! + cell)
    expect(chiSquare(pairs, 256)).toBeLessThan(chiSquareBound(255))
  })
})

describe('the hash of a name', () => {
  it('tells similar names apart', () => {
    const names = Array.from({ length: 20_000 }, (_, k) => `7/0/function-${k}`)
    // Of 20,000 random 32-bit words 0.047 pairs agree on average: more than 3 are as good as never.
    expect(new Set(names.map(hashName)).size).toBeGreaterThanOrEqual(19_997)
  })

  it('moves about half of all bits when one character or bit changes', () => {
    const flipped = (one: number, other: number): number => {
      let difference = one ^ other
      let count = 0
      for (; difference !== 0; difference &= difference - 1) count++
      return count
    }
    let nameBits = 0
    let wordBits = 0
    const trials = 2_000
    for (let k = 0; k < trials; k++) {
      nameBits += flipped(hashName(`name-${k}`), hashName(`name-${k + 1}`))
      wordBits += flipped(mixBits(k), mixBits(k ^ (1 << (k % 32))))
    }
    // A fair coin per bit: mean 16, and six standard deviations of the mean of 2,000 trials.
    const margin = (6 * Math.sqrt(32 / 4)) / Math.sqrt(trials)
    expect(Math.abs(nameBits / trials - 16)).toBeLessThan(margin)
    expect(Math.abs(wordBits / trials - 16)).toBeLessThan(margin)
  })
})
