import type { LambdaFunction } from './lambda-function.ts'

const US_PER_MS = 1_000

/** Whole milliseconds on the bill: rounded up once, over all that is billed. */
export function billedMs(owner: LambdaFunction, billedUs: number): number {
  const { incrementMs } = owner.settings.billing
  return Math.ceil(billedUs / (US_PER_MS * incrementMs)) * incrementMs
}
