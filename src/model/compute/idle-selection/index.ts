import type { IdleSelectionEntry } from './idle-set.ts'
import { newestCreated } from './newest-created.ts'
import { randomChoice } from './random-choice.ts'
import { leastRecentlyUsed, mostRecentlyUsed } from './recency-list.ts'

/** Every way to choose among idle environments; the first is the default. */
export const IDLE_SELECTIONS: readonly IdleSelectionEntry[] = [
  mostRecentlyUsed,
  leastRecentlyUsed,
  newestCreated,
  randomChoice,
]
