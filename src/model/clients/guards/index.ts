/**
 * What keeps clients from calling, in the order in which it is asked. A new one is a file in this
 * folder and a line in this list.
 */
import { circuitBreaker } from './circuit-breaker.ts'
import type { GuardEntry } from './entry.ts'
import { loadShedding } from './load-shedding.ts'
import { retryBudget } from './retry-budget.ts'

export const GUARDS: readonly GuardEntry<never>[] = [loadShedding, circuitBreaker, retryBudget]
