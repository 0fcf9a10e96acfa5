import { z } from 'zod'
import type { RetryModeEntry } from './entry.ts'

/** What a caller without retries does. */
export const none: RetryModeEntry = {
  kind: 'none',
  summary: 'No retries.',
  schema: z.strictObject({ mode: z.literal('none').prefault('none') }),
  differsBySdk: false,
  create: () => null,
}
