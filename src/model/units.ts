/**
 * The units that scenarios are written in: durations, rates, shares, memory, concurrency.
 * Each has a parse function (text to a plain number, or a `UnitError` that teaches the notation)
 * and a zod type whose input side is what a person writes and whose output side is that number.
 */
import { z } from 'zod'
import {
  formatDuration,
  MICROSECONDS_PER_DAY,
  MICROSECONDS_PER_HOUR,
  MICROSECONDS_PER_MILLISECOND,
  MICROSECONDS_PER_MINUTE,
  MICROSECONDS_PER_SECOND,
} from '../kernel/time.ts'

/** A value that does not follow its notation; the message says what would. */
export class UnitError extends Error {
  override readonly name = 'UnitError'
}

/** No simulated duration is longer: a leap year. */
const MAXIMUM_DURATION_US = 366 * MICROSECONDS_PER_DAY
/** Far beyond any quota; keeps counts and memory within what one run can hold. */
const MAXIMUM_RATE_PER_SECOND = 1_000_000
/** Far beyond any quota; environments are numbered in 32-bit slots. */
export const MAXIMUM_CONCURRENCY = 1_000_000
/** Smallest memory of a function, MB (Lambda developer guide, Lambda quotas). */
const MINIMUM_MEMORY_MB = 128
/** Largest memory of a function, MB (Lambda developer guide, Lambda quotas). */
const MAXIMUM_MEMORY_MB = 10_240

const DURATION_UNITS: Readonly<Record<string, number>> = {
  d: MICROSECONDS_PER_DAY,
  h: MICROSECONDS_PER_HOUR,
  m: MICROSECONDS_PER_MINUTE,
  s: MICROSECONDS_PER_SECOND,
  ms: MICROSECONDS_PER_MILLISECOND,
  us: 1,
}

const DURATION_PATTERN = '^([0-9]+(\\.[0-9]+)?(us|ms|s|m|h|d))+$'
const RATE_PATTERN = '^[0-9]+(\\.[0-9]+)?/(s|min|h|d)$'
const SHARE_PATTERN = '^[0-9]+(\\.[0-9]+)?%$'
const SIZE_PATTERN = '^[0-9]+(\\.[0-9]+)?(B|KB|MB|GB)$'
const MEMORY_PATTERN = '^[0-9]+(\\.[0-9]+)?(MB|GB)$'

/** `1.1ms` is 1,100 us and not 1100.0000000000002: decimal notation is meant exactly. */
function withoutBinaryDust(value: number): number {
  return value < 1e9 ? Math.round(value * 1e6) / 1e6 : Math.round(value)
}

/** A value as it may stand in a message: short, and a map or list only by its kind. */
export function shown(input: unknown): string {
  if (typeof input === 'string')
    return `\`${input.length > 40 ? `${input.slice(0, 37)}...` : input}\``
  if (typeof input === 'number' || typeof input === 'boolean') return `\`${input}\``
  if (input === null || input === undefined) return 'nothing'
  return Array.isArray(input) ? 'a list' : 'a map'
}

/** `250ms`, `12m30s`, `1h30m` in microseconds; units us, ms, s, m, h, d, the largest first. */
export function parseDuration(text: string): number {
  const trimmed = text.trim()
  const teach = 'a duration is a number with a unit, such as 250ms, 1.5s, 12m30s or 6h'
  if (trimmed.startsWith('-')) throw new UnitError(`a duration cannot be negative (${shown(text)})`)
  if (/^[0-9.]+$/.test(trimmed)) {
    throw new UnitError(`${shown(text)} has no unit: write ${trimmed}s or ${trimmed}ms, say`)
  }
  if (!new RegExp(DURATION_PATTERN).test(trimmed)) {
    throw new UnitError(`${shown(text)} is not a duration: ${teach} (units us, ms, s, m, h, d)`)
  }
  let total = 0
  let previous = Number.POSITIVE_INFINITY
  for (const part of trimmed.matchAll(/([0-9.]+)([a-z]+)/g)) {
    const length = DURATION_UNITS[part[2] ?? ''] ?? 0
    if (length >= previous) {
      throw new UnitError(
        `${shown(text)} is not a duration: the largest unit comes first, each once`,
      )
    }
    previous = length
    total += Number(part[1]) * length
  }
  if (total > MAXIMUM_DURATION_US) {
    throw new UnitError(
      `${shown(text)} is too long: the longest duration is ${formatDuration(MAXIMUM_DURATION_US)}`,
    )
  }
  return withoutBinaryDust(total)
}

const RATE_PERIODS_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  min: 60,
  h: 3_600,
  d: 86_400,
}

/** `200/s`, `12/min`, `90/h`, `5000/d` per second; `0/s` is allowed. */
export function parseRate(text: string): number {
  const trimmed = text.trim()
  if (trimmed.startsWith('-')) throw new UnitError(`a rate cannot be negative (${shown(text)})`)
  if (/^[0-9.]+$/.test(trimmed)) {
    throw new UnitError(`${shown(text)} has no unit: write ${trimmed}/s or ${trimmed}/min, say`)
  }
  if (!new RegExp(RATE_PATTERN).test(trimmed)) {
    throw new UnitError(
      `${shown(text)} is not a rate: a rate is a number per time, such as 200/s, 12/min, 90/h or 5000/d`,
    )
  }
  const [number, period] = trimmed.split('/')
  const perSecond = Number(number) / (RATE_PERIODS_SECONDS[period ?? ''] ?? 1)
  if (perSecond > MAXIMUM_RATE_PER_SECOND) {
    throw new UnitError(`${shown(text)} is too high: the highest rate is 1000000/s`)
  }
  return perSecond
}

/** `0.2%`, `60%` as 0.002, 0.6. */
export function parseShare(text: string): number {
  const trimmed = text.trim()
  if (trimmed.startsWith('-')) throw new UnitError(`a share cannot be negative (${shown(text)})`)
  if (/^[0-9.]+$/.test(trimmed)) {
    throw new UnitError(`${shown(text)} has no unit: a share carries a percent sign, such as 0.2%`)
  }
  if (!new RegExp(SHARE_PATTERN).test(trimmed)) {
    throw new UnitError(
      `${shown(text)} is not a share: a share is a percentage, such as 0.2% or 60%`,
    )
  }
  // Read as a decimal fraction: dividing 99.9 by 100 would not give 0.999.
  const fraction = Number(`${trimmed.slice(0, -1)}e-2`)
  if (fraction > 1) throw new UnitError(`a share is at most 100% (${shown(text)})`)
  return fraction
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1_024,
  MB: 1_048_576,
  GB: 1_073_741_824,
}

/** `300B`, `2KB`, `1MB` in bytes; a KB is 1,024 bytes, as in AWS's quotas. */
export function parseSize(text: string): number {
  const trimmed = text.trim()
  if (trimmed.startsWith('-')) throw new UnitError(`a size cannot be negative (${shown(text)})`)
  if (/^[0-9.]+$/.test(trimmed)) {
    throw new UnitError(`${shown(text)} has no unit: write ${trimmed}B or ${trimmed}KB, say`)
  }
  const match = new RegExp(SIZE_PATTERN).exec(trimmed)
  if (match === null) {
    throw new UnitError(`${shown(text)} is not a size: write 300B, 2KB or 1MB`)
  }
  const unit = match[2] ?? 'B'
  return Math.round(Number(trimmed.slice(0, -unit.length)) * (SIZE_UNITS[unit] ?? 1))
}

/** `512`, `512MB`, `1GB` as MB: an integer from 128 to 10,240. */
export function parseMemory(input: string | number): number {
  const text = String(input).trim()
  if (/^-/.test(text)) throw new UnitError(`memory cannot be negative (${shown(input)})`)
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text) && !new RegExp(MEMORY_PATTERN).test(text)) {
    throw new UnitError(
      `${shown(input)} is not a memory size: write 512, 512MB or 1GB (a bare number is MB)`,
    )
  }
  const megabytes = text.endsWith('GB')
    ? withoutBinaryDust(Number(text.slice(0, -2)) * 1_024)
    : Number(text.replace('MB', ''))
  if (!Number.isInteger(megabytes))
    throw new UnitError(`memory is a whole number of MB (${shown(input)})`)
  if (megabytes < MINIMUM_MEMORY_MB || megabytes > MAXIMUM_MEMORY_MB) {
    throw new UnitError(
      `memory is between ${MINIMUM_MEMORY_MB} and ${MAXIMUM_MEMORY_MB} MB (${shown(input)})`,
    )
  }
  return megabytes
}

/** A number of concurrent requests or environments: a whole number from 0 to 1,000,000. */
export function parseConcurrency(input: number): number {
  if (input < 0) throw new UnitError(`concurrency cannot be negative (${shown(input)})`)
  if (!Number.isInteger(input))
    throw new UnitError(`concurrency is a whole number (${shown(input)})`)
  if (input > MAXIMUM_CONCURRENCY) {
    throw new UnitError(`${shown(input)} is too high: the highest concurrency is 1000000`)
  }
  return input
}

interface Context {
  readonly issues: unknown[]
}

/** Runs a parse function inside a zod transform: its message becomes the issue's. */
export function parsedBy<Input, Output>(
  parse: (input: Input) => Output,
): (input: Input, context: Context) => Output {
  return (input, context) => {
    try {
      return parse(input)
    } catch (error) {
      if (!(error instanceof UnitError)) throw error
      context.issues.push({ code: 'custom', message: error.message, input })
      return z.NEVER
    }
  }
}

interface Notation {
  readonly what: string
  /** The kind of value in one word, for the reference page. */
  readonly typeText: string
  readonly description: string
  readonly examples: readonly string[]
  readonly pattern: string
}

/** Text in a notation; a number, map or list in its place gets the notation's own explanation. */
function notation(parse: (text: string) => number, { what, description, ...shape }: Notation) {
  const error = (issue: { readonly input?: unknown }): string => {
    if (typeof issue.input !== 'number') return `${shown(issue.input)} is not ${what}`
    try {
      parse(String(issue.input))
    } catch (caught) {
      if (caught instanceof UnitError) return caught.message
    }
    return `${shown(issue.input)} is not ${what}`
  }
  // Examples belong to the inner type: JSON Schema drops those of a type that transforms.
  return z
    .string({ error })
    .meta({ ...shape })
    .transform(parsedBy(parse))
    .meta({ description })
}

const DURATION_NOTATION: Notation = {
  what: 'a duration such as 250ms or 12m30s',
  typeText: 'duration',
  description: 'A duration with its unit: 250ms, 12m30s, 6h.',
  examples: ['250ms', '12m30s', '6h'],
  pattern: DURATION_PATTERN,
}

/** A duration in us, from 0s to 366d. */
export const duration = notation(parseDuration, DURATION_NOTATION)

/** A duration in us between two bounds, both allowed. */
export function durationBetween(minimumUs: number, maximumUs: number) {
  const bounds = `from ${formatDuration(minimumUs)} to ${formatDuration(maximumUs)}`
  return notation(
    (text) => {
      const parsed = parseDuration(text)
      if (parsed >= minimumUs && parsed <= maximumUs) return parsed
      throw new UnitError(`${shown(text)} is out of range: ${bounds} is allowed`)
    },
    { ...DURATION_NOTATION, description: `A duration ${bounds}.` },
  )
}

/** A duration in us of whole seconds, as AWS has many. */
export function wholeSeconds(what: string, maximumSeconds: number) {
  return durationBetween(0, maximumSeconds * MICROSECONDS_PER_SECOND).refine(
    (valueUs) => valueUs % MICROSECONDS_PER_SECOND === 0,
    { error: `${what} is a whole number of seconds, from 0s to ${maximumSeconds}s` },
  )
}

/** A whole number between two bounds, both allowed. */
export function wholeNumber(what: string, minimum: number, maximum: number) {
  const error = `${what} is a whole number from ${minimum} to ${maximum}`
  return z.int({ error }).min(minimum, { error }).max(maximum, { error })
}

/** A duration in us that is longer than nothing. */
export const positiveDuration = notation(
  (text) => {
    const parsed = parseDuration(text)
    if (parsed > 0) return parsed
    throw new UnitError(`${shown(text)} must be longer than 0s`)
  },
  { ...DURATION_NOTATION, description: 'A duration longer than 0s: 250ms, 12m30s, 6h.' },
)

/** A rate per second. */
export const rate = notation(parseRate, {
  what: 'a rate such as 200/s',
  typeText: 'rate',
  description: 'A rate: 200/s, 12/min, 90/h, 5000/d. 0/s is allowed.',
  examples: ['200/s', '12/min'],
  pattern: RATE_PATTERN,
})

/** A share between 0 and 1. */
export const share = notation(parseShare, {
  what: 'a share such as 0.2%',
  typeText: 'share',
  description: 'A percentage from 0% to 100%: 0.2%, 60%.',
  examples: ['0.2%', '60%'],
  pattern: SHARE_PATTERN,
})

/** A size in bytes. */
export const size = notation(parseSize, {
  what: 'a size such as 2KB',
  typeText: 'size',
  description: 'A size: 300B, 2KB, 1MB.',
  examples: ['2KB', '1MB'],
  pattern: SIZE_PATTERN,
})

/** Memory in MB. */
export const memory = z
  .union(
    [
      z.int().meta({ minimum: MINIMUM_MEMORY_MB, maximum: MAXIMUM_MEMORY_MB }),
      z.string().meta({ pattern: MEMORY_PATTERN }),
    ],
    {
      error: (issue) =>
        typeof issue.input === 'number'
          ? `memory is a whole number of MB (${shown(issue.input)})`
          : `${shown(issue.input)} is not a memory size: write 512, 512MB or 1GB (a bare number is MB)`,
    },
  )
  .meta({ typeText: 'memory', examples: [512, '1GB'] })
  .transform(parsedBy(parseMemory))
  .meta({ description: 'Memory from 128 to 10240 MB: 512, 512MB, 1GB. A bare number is MB.' })

/** A whole number of concurrent requests or environments, from 0 to 1,000,000. */
export const concurrency = z
  .number({ error: (issue) => `${shown(issue.input)} is not a whole number` })
  .meta({ examples: [100], type: 'integer', minimum: 0, maximum: MAXIMUM_CONCURRENCY })
  .transform(parsedBy(parseConcurrency))
  .meta({ description: 'A whole number from 0 to 1000000.' })
