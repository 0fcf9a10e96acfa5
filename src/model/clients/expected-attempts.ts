import { waitUs } from './back-off.ts'
import type { RetryPolicy } from './retry-policy.ts'

/**
 * How often a call is made on average where each attempt fails with the same chance, whatever the
 * others do: 1 + p + p^2 + ... over its attempts. A retry quota is taken to last.
 */
export function expectedAttempts(errorShare: number, maxAttempts: number): number {
  let attempts = 0
  let chance = 1
  for (let attempt = 0; attempt < maxAttempts && chance > 0; attempt++) {
    attempts += chance
    chance *= errorShare
  }
  return attempts
}

/** How long it waits between them, us. */
export function expectedBackOffUs(
  errorShare: number,
  { backOff, maxAttempts }: RetryPolicy,
): number {
  let sumUs = 0
  let chance = errorShare
  for (let retry = 1; retry < maxAttempts && chance > 0; retry++) {
    sumUs += chance * waitUs(backOff, retry, 'other', 0.5)
    chance *= errorShare
  }
  return sumUs
}
