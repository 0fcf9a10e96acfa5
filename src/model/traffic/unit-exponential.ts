import type { Sampler } from '../../kernel/block-stream.ts'
import type { Generator } from '../../kernel/generator.ts'
import { fillExponential } from '../../kernel/ziggurat.ts'

/** Spacings of a Poisson process of rate 1. */
export const UNIT_EXPONENTIAL: Sampler = {
  fill(generator: Generator, values: Float64Array): void {
    fillExponential(generator, values, 1)
  },
}
