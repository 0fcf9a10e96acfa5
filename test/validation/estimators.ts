/**
 * What the authors of the 2020 measurements computed from their request logs, step by step, so
 * that a simulated log is read exactly as a measured one was.
 * Source: pacslab/serverless-performance-modeling, `experiments/` (N. Mahmoudi, H. Khazaei, 2020).
 */

/** The requests of a run in the order of their start, times in seconds from its beginning. */
export interface RequestLog {
  readonly starts: Float64Array
  /** 1 where the request was the first that its environment served. */
  readonly isFirstUse: Uint8Array
  /** First client start and last client end of each environment, pairwise. */
  readonly lives: readonly number[]
  /** How long the recording lasted. */
  readonly lengthSeconds: number
}

export interface ColdStartEstimate {
  readonly probability: number
  /** Standard error over the blocks. */
  readonly standardError: number
}

const BLOCKS = 10
/** The part of a block, and of the run, that is dropped as warm-up. */
const WARM_UP = 0.25
/** An environment's end cannot be seen: it counts for ten minutes after its last response. */
const KEPT_SECONDS = 600

/**
 * The share of first uses: ten blocks of equally many requests, the first quarter of each block's
 * time dropped, the unweighted mean of the ten shares.
 */
export function estimateColdStarts({ starts, isFirstUse }: RequestLog): ColdStartEstimate {
  const step = Math.floor(starts.length / BLOCKS)
  const shares: number[] = []
  for (let block = 0; block < BLOCKS; block++) {
    const from = block * step
    // The authors' slices leave out the last request of each block.
    const to = from + step - 1
    const cut = starts[from]! + WARM_UP * (starts[to - 1]! - starts[from]!)
    let counted = 0
    let firstUses = 0
    for (let index = from; index < to; index++) {
      if (starts[index]! <= cut) continue
      counted++
      firstUses += isFirstUse[index]!
    }
    shares.push(firstUses / counted)
  }
  const probability = shares.reduce((sum, share) => sum + share, 0) / BLOCKS
  const spread = shares.reduce((sum, share) => sum + (share - probability) ** 2, 0) / BLOCKS
  return { probability, standardError: Math.sqrt(spread / BLOCKS) }
}

/**
 * The mean number of environments over the last three quarters of the run. The authors count on a
 * grid of a minute; this is the average that the grid approaches.
 */
export function estimateInstances({ lives, lengthSeconds }: RequestLog): number {
  const from = WARM_UP * lengthSeconds
  let area = 0
  for (let index = 0; index < lives.length; index += 2) {
    const start = Math.max(from, lives[index]!)
    const end = Math.min(lengthSeconds, lives[index + 1]! + KEPT_SECONDS)
    area += Math.max(0, end - start)
  }
  return area / (lengthSeconds - from)
}
