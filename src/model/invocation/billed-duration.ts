import type { EnvironmentPool } from '../compute/environment-pool.ts'

/** Whole milliseconds on the bill: rounded up once, over all that is billed. */
export function billedMs(pool: EnvironmentPool, durationUs: number, initUs: number): number {
  const { incrementMs, isInitBilled } = pool.function.settings.billing
  // Hooks of a restore always were.
  const billedUs = isInitBilled || pool.restore !== null ? durationUs + initUs : durationUs
  return Math.ceil(billedUs / (1_000 * incrementMs)) * incrementMs
}
