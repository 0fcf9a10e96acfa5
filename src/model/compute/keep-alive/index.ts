/** The keep-alive policies. A new one is a file in this folder and a line in this list. */
import type { KeepAliveEntry } from './entry.ts'
import { fixed } from './fixed.ts'
import { greedyDual } from './greedy-dual.ts'
import { hybridHistogram } from './hybrid-histogram.ts'
import { preset } from './preset.ts'
import { uniform } from './uniform.ts'

export const KEEP_ALIVE_POLICIES: readonly KeepAliveEntry<never>[] = [
  fixed,
  uniform,
  preset,
  hybridHistogram,
  greedyDual,
]

/** The entry of a parsed `keepAlive`, by its `policy`. */
export function keepAlivePolicy(kind: string): KeepAliveEntry {
  const entry = KEEP_ALIVE_POLICIES.find((candidate) => candidate.kind === kind)
  if (entry === undefined) throw new RangeError(`unknown keep-alive policy ${kind}`)
  return entry as KeepAliveEntry
}
