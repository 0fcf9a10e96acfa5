import type { Generator } from './generator.ts'

/** Anything that can turn a generator into values, a block at a time. */
export interface Sampler {
  /** Fills all of `values` with successive draws. */
  fill(generator: Generator, values: Float64Array): void
}

/** Uniform in [0, 1). */
export const UNIFORM: Sampler = {
  fill(generator: Generator, values: Float64Array): void {
    for (let index = 0; index < values.length; index++) values[index] = generator.nextUniform()
  },
}

const BLOCK_SIZE = 256

/**
 * A stream of draws computed a block ahead, because a tight fill loop keeps the generator's state
 * in registers. Draw k of a stream depends on its name and k alone; the block size cannot be seen.
 */
export class BlockStream {
  private readonly values: Float64Array
  private position: number
  private readonly generator: Generator
  private readonly sampler: Sampler

  constructor(generator: Generator, sampler: Sampler, blockSize: number = BLOCK_SIZE) {
    this.generator = generator
    this.sampler = sampler
    this.values = new Float64Array(blockSize)
    this.position = blockSize
  }

  next(): number {
    if (this.position === this.values.length) {
      this.sampler.fill(this.generator, this.values)
      this.position = 0
    }
    return this.values[this.position++]!
  }
}
