/** The retry modes. A new one is a file in this folder and a line in this list. */
import { adaptive } from './adaptive.ts'
import { adaptive2026 } from './adaptive-2026.ts'
import type { RetryModeEntry } from './entry.ts'
import { exponential } from './exponential.ts'
import { legacy } from './legacy.ts'
import { none } from './none.ts'
import { standard } from './standard.ts'
import { standard2026 } from './standard-2026.ts'

export const RETRY_MODES: readonly RetryModeEntry<never>[] = [
  none,
  legacy,
  standard,
  adaptive,
  standard2026,
  adaptive2026,
  exponential,
]

/** The entry of a parsed `retry`, by its `mode`. */
export function retryMode(kind: string): RetryModeEntry {
  const entry = RETRY_MODES.find((candidate) => candidate.kind === kind)
  if (entry === undefined) throw new RangeError(`unknown retry mode ${kind}`)
  return entry as RetryModeEntry
}
