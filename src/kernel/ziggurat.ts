/**
 * Standard exponential and normal draws by the ziggurat method: Marsaglia and Tsang (2000), with
 * 256 layers, and with layer and position taken from different bits (Doornik 2005). A draw takes
 * 64 random bits and one table look-up in 98.9 % and 99.3 % of cases.
 *
 * Block fills keep the generator's state in local variables, where it costs half as much, and
 * give exactly the sequence of single draws: any block size leads to the same values.
 */
import { exp, log } from './elementary.ts'
import type { Generator } from './generator.ts'
import { normalProbability } from './special-functions.ts'

const LAYERS = 256
const TWO_POW_32 = 4294967296
const TWO_POW_MINUS_52 = 1 / 4503599627370496
const TWO_POW_MINUS_53 = 1 / 9007199254740992

/** Where the base layer ends and the tail begins; these make 256 layers of equal area. */
const EXPONENTIAL_TAIL = 7.69711747013105
const NORMAL_TAIL = 3.654152885361009

interface Ziggurat {
  /** Right edge of layer i; edge 0 stands for base layer and tail, edge 256 is 0. */
  readonly edges: Float64Array
  /** Edge times the unit of the random integers. */
  readonly widths: Float64Array
  /** Density at the edges. */
  readonly heights: Float64Array
}

/** Layers from the bottom up: each edge lies where the density has risen by area / edge below. */
function buildZiggurat(
  tail: number,
  area: number,
  unit: number,
  density: (x: number) => number,
  inverseDensity: (y: number) => number,
): Ziggurat {
  const edges = new Float64Array(LAYERS + 1)
  const widths = new Float64Array(LAYERS)
  const heights = new Float64Array(LAYERS + 1)
  edges[0] = area / density(tail)
  edges[1] = tail
  for (let layer = 2; layer < LAYERS; layer++) {
    const below = edges[layer - 1]!
    edges[layer] = inverseDensity(area / below + density(below))
  }
  for (let layer = 0; layer <= LAYERS; layer++) {
    heights[layer] = density(edges[layer]!)
    if (layer < LAYERS) widths[layer] = edges[layer]! * unit
  }
  return { edges, widths, heights }
}

const exponential = buildZiggurat(
  EXPONENTIAL_TAIL,
  (EXPONENTIAL_TAIL + 1) * exp(-EXPONENTIAL_TAIL),
  TWO_POW_MINUS_53,
  (x) => exp(-x),
  (y) => -log(y),
)

const normal = buildZiggurat(
  NORMAL_TAIL,
  NORMAL_TAIL * exp(-0.5 * NORMAL_TAIL * NORMAL_TAIL) +
    2.5066282746310002 * normalProbability(-NORMAL_TAIL),
  TWO_POW_MINUS_52,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * log(y)),
)

const exponentialEdges = exponential.edges
const exponentialWidths = exponential.widths
const exponentialHeights = exponential.heights
const normalEdges = normal.edges
const normalWidths = normal.widths
const normalHeights = normal.heights

/** A draw of the exponential distribution with mean 1. */
export function standardExponential(generator: Generator): number {
  const high = generator.nextInt32()
  const low = generator.nextInt32()
  const layer = high & 255
  const x = ((high >>> 11) * TWO_POW_32 + (low >>> 0)) * exponentialWidths[layer]!
  if (x < exponentialEdges[layer + 1]!) return x
  return exponentialOutside(generator, layer, x)
}

/** Outside the layer's sure part: under the curve in the wedge, in the tail, or drawn anew. */
function exponentialOutside(generator: Generator, firstLayer: number, firstX: number): number {
  let layer = firstLayer
  let x = firstX
  let offset = 0
  for (;;) {
    if (layer === 0) {
      // Without memory: the tail is the distribution itself, further right.
      offset += EXPONENTIAL_TAIL
    } else {
      const bottom = exponentialHeights[layer]!
      const height = exponentialHeights[layer + 1]! - bottom
      if (bottom + generator.nextUniform() * height < exp(-x)) return offset + x
    }
    const high = generator.nextInt32()
    const low = generator.nextInt32()
    layer = high & 255
    x = ((high >>> 11) * TWO_POW_32 + (low >>> 0)) * exponentialWidths[layer]!
    if (x < exponentialEdges[layer + 1]!) return offset + x
  }
}

/** Fills `values` with `scale` times standard exponential draws. */
export function fillExponential(generator: Generator, values: Float64Array, scale: number): void {
  const edges = exponentialEdges
  const widths = exponentialWidths
  const length = values.length
  let a = generator.a
  let b = generator.b
  let c = generator.c
  let counter = generator.counter
  for (let index = 0; index < length; index++) {
    const high = (((a + b) | 0) + counter) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + high) | 0
    const low = (((a + b) | 0) + counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + low) | 0
    counter = (counter + 2) | 0
    const layer = high & 255
    const x = ((high >>> 11) * TWO_POW_32 + (low >>> 0)) * widths[layer]!
    if (x < edges[layer + 1]!) {
      values[index] = x * scale
      continue
    }
    generator.a = a
    generator.b = b
    generator.c = c
    generator.counter = counter
    values[index] = exponentialOutside(generator, layer, x) * scale
    a = generator.a
    b = generator.b
    c = generator.c
    counter = generator.counter
  }
  generator.a = a
  generator.b = b
  generator.c = c
  generator.counter = counter
}

/** A draw of the normal distribution with mean 0 and variance 1. */
export function standardNormal(generator: Generator): number {
  const high = generator.nextInt32()
  const low = generator.nextInt32()
  const layer = high & 255
  // The arithmetic shift keeps the sign: positions run from -1 to 1 times the edge.
  const x = ((high >> 11) * TWO_POW_32 + (low >>> 0)) * normalWidths[layer]!
  if (Math.abs(x) < normalEdges[layer + 1]!) return x
  return normalOutside(generator, layer, x)
}

function normalOutside(generator: Generator, firstLayer: number, firstX: number): number {
  let layer = firstLayer
  let x = firstX
  for (;;) {
    if (layer === 0) return normalTail(generator, x < 0)
    const bottom = normalHeights[layer]!
    const height = normalHeights[layer + 1]! - bottom
    if (bottom + generator.nextUniform() * height < exp(-0.5 * x * x)) return x
    const high = generator.nextInt32()
    const low = generator.nextInt32()
    layer = high & 255
    x = ((high >> 11) * TWO_POW_32 + (low >>> 0)) * normalWidths[layer]!
    if (Math.abs(x) < normalEdges[layer + 1]!) return x
  }
}

/** Marsaglia's tail: an exponential that hugs the tail, accepted with the ratio of densities. */
function normalTail(generator: Generator, isNegative: boolean): number {
  for (;;) {
    const beyond = standardExponential(generator) / NORMAL_TAIL
    const bound = standardExponential(generator)
    if (bound + bound > beyond * beyond) {
      return isNegative ? -NORMAL_TAIL - beyond : NORMAL_TAIL + beyond
    }
  }
}

/** Fills `values` with standard normal draws. */
export function fillNormal(generator: Generator, values: Float64Array): void {
  const edges = normalEdges
  const widths = normalWidths
  const length = values.length
  let a = generator.a
  let b = generator.b
  let c = generator.c
  let counter = generator.counter
  for (let index = 0; index < length; index++) {
    const high = (((a + b) | 0) + counter) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + high) | 0
    const low = (((a + b) | 0) + counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + low) | 0
    counter = (counter + 2) | 0
    const layer = high & 255
    const x = ((high >> 11) * TWO_POW_32 + (low >>> 0)) * widths[layer]!
    if (Math.abs(x) < edges[layer + 1]!) {
      values[index] = x
      continue
    }
    generator.a = a
    generator.b = b
    generator.c = c
    generator.counter = counter
    values[index] = normalOutside(generator, layer, x)
    a = generator.a
    b = generator.b
    c = generator.c
    counter = generator.counter
  }
  generator.a = a
  generator.b = b
  generator.c = c
  generator.counter = counter
}
