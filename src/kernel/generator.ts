/**
 * Random numbers. seedrandom turns a name into seed words; the small fast counting generator
 * sfc32 (Chris Doty-Humphrey, PractRand) turns those into draws.
 *
 * Two kinds of generator are used. A *named* one feeds a block stream: what every request needs
 * exactly once. A *keyed* one is reseeded from (key, purpose, attempt, index) for what may or may
 * not happen, so that a draw belongs to its request and not to the order of events.
 */
import seedrandom from 'seedrandom'

const TWO_POW_MINUS_32 = 1 / 4294967296
const TWO_POW_MINUS_53 = 1 / 9007199254740992

/** State words are int32: as uint32 fields they cost five times as much in V8. */
export class Generator {
  a = 0
  b = 0
  c = 0
  counter = 1

  /** Starts from four seed words; fifteen discarded draws, in local variables, mix them. */
  seed(seedA: number, seedB: number, seedC: number, seedD: number): this {
    let a = seedA | 0
    let b = seedB | 0
    let c = (seedC ^ seedD) | 0
    let counter = seedD | 1 | 0
    for (let round = 0; round < 15; round++) {
      const sum = (((a + b) | 0) + counter) | 0
      counter = (counter + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + sum) | 0
    }
    this.a = a
    this.b = b
    this.c = c
    this.counter = counter
    return this
  }

  /** Uniform over the 2^32 int32 values. */
  nextInt32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0
    this.counter = (this.counter + 1) | 0
    this.a = this.b ^ (this.b >>> 9)
    this.b = (this.c + (this.c << 3)) | 0
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0
    return sum
  }

  /** Uniform in [0, 1) with 53 random bits. */
  nextUniform(): number {
    const high = this.nextInt32() >>> 5
    const low = this.nextInt32() >>> 6
    return (high * 67108864 + low) * TWO_POW_MINUS_53
  }

  /** Uniform in (0, 1): never 0, so that its logarithm and any quantile function are finite. */
  nextOpenUniform(): number {
    return ((this.nextInt32() >>> 0) + 0.5) * TWO_POW_MINUS_32
  }
}

/** The generator of a named stream, such as `7/0/shoppers/arrival`. */
export function namedGenerator(name: string): Generator {
  const source = seedrandom.xor128(name)
  return new Generator().seed(source.int32(), source.int32(), source.int32(), source.int32())
}

/** 32-bit FNV-1a over UTF-16 code units, finished so that similar names differ in every bit. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  }
  return mixBits(hash)
}

/** murmur3's finaliser: every input bit reaches every output bit. */
export function mixBits(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/**
 * Reseeds `generator` for one occasion: entity `stream` (its name's hash, which includes seed and
 * replication), the `ordinal` of the request or environment in it, a `purpose` (hash of its name)
 * and a running `index` (attempt, item). The same four always give the same draws.
 */
export function rekey(
  generator: Generator,
  stream: number,
  ordinal: number,
  purpose: number,
  index: number,
): Generator {
  const ordinalHigh = Math.floor(ordinal * TWO_POW_MINUS_32)
  return generator.seed(
    stream,
    mixBits(ordinal ^ 0x9e3779b9),
    mixBits(purpose ^ Math.imul(ordinalHigh + 1, 0x7f4a7c15)),
    mixBits(index + 0x3c6ef372),
  )
}
