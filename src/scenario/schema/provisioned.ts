/**
 * Provisioned concurrency: a number, or what Application Auto Scaling makes of it.
 * Source: Lambda developer guide, "Managing provisioned concurrency with Application Auto Scaling".
 */
import { z } from 'zod'
import { parseSchedule } from '../../model/invocation/asynchronous/schedule-expression.ts'
import {
  concurrency,
  MAXIMUM_CONCURRENCY,
  parseConcurrency,
  parseDuration,
  parsedBy,
  parseShare,
  shown,
  UnitError,
} from '../../model/units.ts'
import { oneOf } from './common.ts'

const AUTO_SCALING =
  'Lambda developer guide, "Managing provisioned concurrency with Application Auto Scaling"'
const SCHEDULED =
  'Application Auto Scaling user guide, "Scheduled scaling for Application Auto Scaling"'

const LOWEST_TARGET = 0.1
const HIGHEST_TARGET = 0.9

/** An instant of the run, or a date and time in UTC. */
const at = z
  .string({
    error: (issue) => `${shown(issue.input)} is no time: write 10m or 2026-03-02T08:00:00`,
  })
  .meta({ typeText: 'duration or date', examples: ['10m', '2026-03-02T08:00:00'] })
  .transform(
    parsedBy((text: string) =>
      /^\d{4}-/.test(text)
        ? parseSchedule(`at(${text})`)
        : { kind: 'instant' as const, atUs: parseDuration(text) },
    ),
  )

const cron = z
  .string({ error: (issue) => `${shown(issue.input)} is no cron expression: write 0 8 * * ? *` })
  .meta({ typeText: 'cron expression', examples: ['45 7 * * ? *'] })
  .transform(
    parsedBy((text: string) => parseSchedule(`cron(${text.replace(/^cron\((.*)\)$/, '$1')})`)),
  )

const rate = z
  .string({ error: (issue) => `${shown(issue.input)} is no rate: write 30 minutes` })
  .meta({ typeText: 'rate expression', examples: ['30 minutes'] })
  .transform(
    parsedBy((text: string) => parseSchedule(`rate(${text.replace(/^rate\((.*)\)$/, '$1')})`)),
  )

const scheduledAction = z
  .strictObject({
    at: at.optional().meta({
      description: 'Once: an instant of the run (10m), or a date and time in UTC.',
      source: SCHEDULED,
    }),
    cron: cron.optional().meta({
      description: "At the times of AWS's cron expression, by the clock that startsAt sets, UTC.",
      source: SCHEDULED,
    }),
    rate: rate.optional().meta({
      description: 'Again and again, the first time one period after the start of the run.',
      source: SCHEDULED,
    }),
    capacity: concurrency.optional().meta({
      description: 'What is configured from then on; short for minCapacity and maxCapacity of it.',
      source: SCHEDULED,
    }),
    minCapacity: concurrency.optional().meta({
      description: 'What target tracking may not go below from then on.',
      source: SCHEDULED,
    }),
    maxCapacity: concurrency.optional().meta({
      description: 'What target tracking may not go above from then on.',
      source: SCHEDULED,
    }),
  })
  .superRefine((action, context) => {
    const times = (['at', 'cron', 'rate'] as const).filter((key) => action[key] !== undefined)
    if (times.length !== 1) {
      const message = 'a scheduled action has exactly one of at, cron and rate'
      context.addIssue({ code: 'custom', message })
    }
    const hasBounds = action.minCapacity !== undefined || action.maxCapacity !== undefined
    if ((action.capacity !== undefined) === hasBounds) {
      const message = 'a scheduled action has a capacity, or a minCapacity, a maxCapacity or both'
      context.addIssue({ code: 'custom', message })
    }
  })

const target = z
  .string({ error: (issue) => `${shown(issue.input)} is not a share such as 70%` })
  .meta({ typeText: 'share', examples: ['70%'] })
  .transform(
    parsedBy((text: string) => {
      const parsed = parseShare(text)
      if (parsed >= LOWEST_TARGET && parsed <= HIGHEST_TARGET) return parsed
      throw new UnitError(
        `a target of ${text} is refused by AWS (ValidationException): provisioned concurrency is tracked at 10% to 90%`,
      )
    }),
  )

const targetTracking = z
  .strictObject({
    target: target.meta({
      description: 'The utilisation to keep, 10% to 90%.',
      source: AUTO_SCALING,
    }),
    minCapacity: concurrency.meta({ description: 'The least that is configured.' }),
    maxCapacity: concurrency.meta({ description: 'The most that is configured.' }),
    statistic: oneOf(['Average', 'Maximum']).prefault('Average').meta({
      description:
        "Which statistic of each minute's ProvisionedConcurrencyUtilization is held against the target.",
      source: AUTO_SCALING,
    }),
  })
  .superRefine(({ minCapacity, maxCapacity }, context) => {
    if (maxCapacity >= minCapacity) return
    const message = `maxCapacity must not be below minCapacity (${minCapacity})`
    context.addIssue({ code: 'custom', path: ['maxCapacity'], message })
  })

const scaledConcurrency = z
  .strictObject({
    capacity: concurrency.optional().meta({
      description: 'What is configured at the start of the run.',
      defaultText: 'the minCapacity of target tracking; else 0',
    }),
    schedule: z.array(scheduledAction).min(1).optional().meta({
      description: 'When something else is configured.',
      source: SCHEDULED,
    }),
    targetTracking: targetTracking.optional().meta({
      description:
        'Follows the utilisation: three minutes above the target add, fifteen below nine tenths of it take away.',
      source: AUTO_SCALING,
    }),
  })
  .superRefine(({ capacity, schedule, targetTracking: tracking }, context) => {
    const complain = (path: (string | number)[], message: string): void => {
      context.addIssue({ code: 'custom', path, message })
    }
    if (schedule === undefined && tracking === undefined) {
      complain([], 'provisioned concurrency is a number, a schedule, targetTracking or both')
    }
    if (tracking !== undefined && capacity !== undefined) {
      const { minCapacity, maxCapacity } = tracking
      if (capacity < minCapacity || capacity > maxCapacity) {
        complain(
          ['capacity'],
          `capacity is between minCapacity ${minCapacity} and maxCapacity ${maxCapacity}`,
        )
      }
    }
    for (const [index, action] of (schedule ?? []).entries()) {
      if (tracking !== undefined || action.capacity !== undefined) continue
      if (action.minCapacity === undefined && action.maxCapacity === undefined) continue
      complain(
        ['schedule', index],
        'minCapacity and maxCapacity bound target tracking: without it write capacity',
      )
    }
  })

const fixedConcurrency = z
  .number({ error: (issue) => `${shown(issue.input)} is not a whole number` })
  .meta({ examples: [100], type: 'integer', minimum: 0, maximum: MAXIMUM_CONCURRENCY })
  .transform(parsedBy(parseConcurrency))

export const provisionedConcurrency = z.union([fixedConcurrency, scaledConcurrency])

export type ProvisionedConfig = z.output<typeof provisionedConcurrency>
