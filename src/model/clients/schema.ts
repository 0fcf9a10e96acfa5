/** The YAML keys of a caller. What `retry` and the guards say holds for calls of any kind. */
import { z } from 'zod'
import { positiveDuration, shown, wholeNumber } from '../units.ts'
import type { ClientSettings } from './client-settings.ts'
import { GUARDS } from './guards/index.ts'
import { RETRY_MODES, retryMode } from './retry-modes/index.ts'
import { RETRY_BEHAVIOR } from './retry-modes/keys.ts'

const MOST_INSTANCES = 100_000
const KNOWN_MODES = RETRY_MODES.map(({ kind }) => kind)

function unknownMode(mode: unknown): string {
  return `${shown(mode)} is no known retry mode: known are ${KNOWN_MODES.join(', ')}`
}

/** What a retry says where it leaves `mode` out. */
function withMode(retry: unknown): unknown {
  if (typeof retry !== 'object' || retry === null || Array.isArray(retry)) return retry
  return 'mode' in retry && retry.mode !== undefined ? retry : { ...retry, mode: 'none' }
}

const choice = z.discriminatedUnion(
  'mode',
  RETRY_MODES.map(({ schema }) => schema) as unknown as [
    z.ZodObject<{ mode: z.ZodLiteral<string> }>,
  ],
  {
    error: (issue) =>
      issue.code === 'invalid_union'
        ? unknownMode((issue.input as { mode?: unknown }).mode)
        : undefined,
  },
)

/** `{ mode: standard, maxAttempts: 3 }`: what a caller does about a failed attempt. */
export const retrySchema: z.ZodType<RetryConfig> = z.preprocess(withMode, choice) as never

/** The mode alone; everything else has its default. */
export const retryShorthand = z.enum(KNOWN_MODES as [string, ...string[]], {
  error: (issue) => unknownMode(issue.input),
})

export interface RetryConfig {
  readonly mode: string
  readonly retryOn?: readonly string[]
  readonly sdk?: string
}

function guardKeys(): Record<string, z.ZodType> {
  return Object.fromEntries(
    GUARDS.map(({ key, schema, summary }) => [
      key,
      schema.optional().meta({ description: summary }),
    ]),
  )
}

export const clientSchema = z.strictObject({
  timeout: positiveDuration.optional().meta({
    description:
      'How long the caller waits for the answer to an attempt; the function runs on and is billed. Left out: as long as it takes.',
    source: 'Lambda developer guide, "Invoke a Lambda function synchronously"',
  }),
  instances: wholeNumber('instances', 1, MOST_INSTANCES).optional().meta({
    description:
      'SDK clients that share the traffic; each has a retry quota, a rate limiter and guards of its own. A request belongs to instance ordinal mod instances, a user of a closed loop to user mod instances.',
    defaultText: '1',
  }),
  retry: retrySchema.optional().meta({
    description: 'What the caller does about a failed attempt; by default nothing.',
    source: RETRY_BEHAVIOR,
  }),
  ...guardKeys(),
})

export type ClientConfig = Readonly<Record<string, unknown>> & {
  readonly timeout?: number | undefined
  readonly instances?: number | undefined
  readonly retry?: RetryConfig | undefined
}

/** Both ways to say it in one; undefined: nothing is said about retries. */
export function retryOf(producer: {
  readonly client?: ClientConfig | undefined
  readonly retry?: string | undefined
}): RetryConfig | undefined {
  if (producer.retry !== undefined) return retrySchema.parse({ mode: producer.retry })
  return producer.client?.retry
}

/** undefined: the caller calls, waits and does nothing else. */
export function clientSettings(
  client: ClientConfig = {},
  retry: RetryConfig | undefined = undefined,
): ClientSettings | undefined {
  const policy = retry === undefined ? null : retryMode(retry.mode).create(retry)
  const guards = GUARDS.flatMap((entry) => {
    const options = client[entry.key]
    if (options === undefined) return []
    return [{ key: entry.key, metric: entry.metric, create: () => entry.create(options as never) }]
  })
  if (policy === null && client.timeout === undefined && guards.length === 0) return undefined
  return {
    timeoutUs: client.timeout ?? Number.POSITIVE_INFINITY,
    instances: client.instances ?? 1,
    retry: policy,
    retriesFunctionErrors: retry?.retryOn?.includes('functionErrors') === true,
    guards,
  }
}
