const BATCH = 5

/**
 * How many of the first values of a series to leave out as warm-up, by MSER-5 (White, Cobb and
 * Spratt 2000): means of five, and the cut that makes the standard error of the rest smallest.
 * Cuts in the second half are not considered: a best cut at half the series says that it is too
 * short to tell. Fewer than ten values: 0.
 */
export function warmUpLength(values: readonly number[]): number {
  const batches = Math.floor(values.length / BATCH)
  if (batches < 2) return 0
  const means: number[] = []
  for (let batch = 0; batch < batches; batch++) {
    let sum = 0
    for (let index = 0; index < BATCH; index++) sum += values[batch * BATCH + index]!
    means.push(sum / BATCH)
  }
  // From the end, so that each cut adds one batch to what remains.
  let count = 0
  let mean = 0
  let deviation = 0
  let best = 0
  let bestScore = Infinity
  for (let cut = batches - 1; cut >= 0; cut--) {
    count += 1
    const before = means[cut]! - mean
    mean += before / count
    deviation += before * (means[cut]! - mean)
    if (cut > batches / 2) continue
    const score = deviation / (count * count)
    if (score <= bestScore) {
      best = cut
      bestScore = score
    }
  }
  return best * BATCH
}
