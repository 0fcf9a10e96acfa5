/**
 * When a schedule fires, as AWS writes it: `rate(5 minutes)`, `cron(0 12 * * ? *)`,
 * `at(2026-03-02T00:10:00)`, in UTC.
 * Source: Amazon EventBridge Scheduler user guide, "Schedule types".
 */
import { formatDuration } from '../../../kernel/time.ts'
import { shown, UnitError } from '../../units.ts'
import { type AwsCron, nextCronTime, parseAwsCron } from './aws-cron.ts'

export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly periodMs: number }
  | { readonly kind: 'cron'; readonly cron: AwsCron }
  | { readonly kind: 'at'; readonly atMs: number }

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

const LONGEST_PERIOD_MS = 366 * 86_400_000
const KINDS = 'rate(5 minutes), cron(0 12 * * ? *) or at(2026-03-02T00:10:00)'

export function parseSchedule(text: string): ScheduleExpression {
  const match = /^(rate|cron|at)\((.*)\)$/.exec(text.trim())
  if (match === null) throw new UnitError(`${shown(text)} is not a schedule: write ${KINDS}`)
  const [, kind, inner = ''] = match
  if (kind === 'rate') return parseRate(inner)
  return kind === 'at' ? parseAt(inner) : { kind: 'cron', cron: parseAwsCron(inner) }
}

/**
 * The first time that is not before `fromMs`, epoch milliseconds; null: never again. A rate is
 * counted from `originMs`, when the schedule was created, and first fires one period later.
 */
export function nextTime(
  schedule: ScheduleExpression,
  fromMs: number,
  originMs: number,
): number | null {
  if (schedule.kind === 'cron') return nextCronTime(schedule.cron, fromMs)
  if (schedule.kind === 'at') return schedule.atMs >= fromMs ? schedule.atMs : null
  const { periodMs } = schedule
  return originMs + Math.max(1, Math.ceil((fromMs - originMs) / periodMs)) * periodMs
}

/** AWS refuses `rate(1 minutes)` and `rate(5 minute)` alike. */
function parseRate(text: string): ScheduleExpression {
  const match = /^([0-9]+) (minute|hour|day)(s?)$/.exec(text.trim())
  if (match === null) {
    throw new UnitError(
      `rate(${text}): a rate is a whole number and minutes, hours or days, such as rate(5 minutes)`,
    )
  }
  const [, digits, unit = '', plural] = match
  const value = Number(digits)
  if (value === 0) throw new UnitError(`rate(${text}): the number is at least 1`)
  if ((value === 1) === (plural === 's')) {
    const right = value === 1 ? unit : `${unit}s`
    throw new UnitError(
      `rate(${text}): AWS refuses it (ValidationException), write rate(${value} ${right})`,
    )
  }
  const periodMs = value * MS_PER_UNIT[unit]!
  if (periodMs > LONGEST_PERIOD_MS) {
    throw new UnitError(
      `rate(${text}) is too slow: ${formatDuration(LONGEST_PERIOD_MS * 1_000)} is the most`,
    )
  }
  return { kind: 'rate', periodMs }
}

function parseAt(text: string): ScheduleExpression {
  const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text.trim())
  const atMs = isTime ? Date.parse(`${text.trim()}Z`) : Number.NaN
  if (Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 19) !== text.trim()) {
    throw new UnitError(`at(${text}): write a date and time such as at(2026-03-02T00:10:00), UTC`)
  }
  return { kind: 'at', atMs }
}
