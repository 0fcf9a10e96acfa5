/** The attempts of a pool that wait for an init, oldest first. */
import type { EnvironmentPool } from '../compute/environment-pool.ts'
import type { InvocationStore } from './invocation-store.ts'

export function addWaiting(
  { next, previous }: InvocationStore,
  pool: EnvironmentPool,
  slot: number,
): void {
  next[slot] = -1
  previous[slot] = pool.waitingTail
  if (pool.waitingTail < 0) pool.waitingHead = slot
  else next[pool.waitingTail] = slot
  pool.waitingTail = slot
}

export function removeWaiting(
  { next, previous }: InvocationStore,
  pool: EnvironmentPool,
  slot: number,
): void {
  const after = next[slot]!
  const before = previous[slot]!
  if (before < 0) pool.waitingHead = after
  else next[before] = after
  if (after < 0) pool.waitingTail = before
  else previous[after] = before
}
