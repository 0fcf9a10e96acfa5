/**
 * AWS's cron expressions: minutes, hours, day of the month, month, day of the week, year, in UTC.
 * Source: Amazon EventBridge Scheduler user guide, "Schedule types", and EventBridge user guide,
 * "Setting a schedule pattern". Days of the week count from 1 = Sunday, and exactly one of the two
 * day fields is `?`.
 */
import { UnitError } from '../../units.ts'

/** One rule of a day field; a day has to meet one of them. */
type DayRule =
  | { readonly kind: 'daysOfMonth'; readonly days: readonly number[] }
  | { readonly kind: 'lastDayOfMonth' }
  /** The weekday nearest to a day, within its month. */
  | { readonly kind: 'nearestWeekday'; readonly day: number }
  | { readonly kind: 'daysOfWeek'; readonly days: readonly number[] }
  /** The last Friday of the month, say. */
  | { readonly kind: 'lastDayOfWeek'; readonly day: number }
  /** The third Friday of the month, say. */
  | { readonly kind: 'nthDayOfWeek'; readonly day: number; readonly nth: number }

/** Plain data: ascending numbers, and rules for days. */
export interface AwsCron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly days: readonly DayRule[]
  readonly months: readonly number[]
  readonly years: readonly number[]
}

interface Field {
  readonly name: string
  readonly minimum: number
  readonly maximum: number
  /** In the order of their numbers, from the minimum on. */
  readonly words?: readonly string[]
}

const DAY_WORDS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
const MONTH_WORDS = [
  'JAN',
  'FEB',
  'MAR',
  'APR',
  'MAY',
  'JUN',
  'JUL',
  'AUG',
  'SEP',
  'OCT',
  'NOV',
  'DEC',
]
const MINUTES: Field = { name: 'minutes', minimum: 0, maximum: 59 }
const HOURS: Field = { name: 'hours', minimum: 0, maximum: 23 }
const DAY_OF_MONTH: Field = { name: 'day-of-month', minimum: 1, maximum: 31 }
const MONTH: Field = { name: 'month', minimum: 1, maximum: 12, words: MONTH_WORDS }
const DAY_OF_WEEK: Field = { name: 'day-of-week', minimum: 1, maximum: 7, words: DAY_WORDS }
const YEAR: Field = { name: 'year', minimum: 1970, maximum: 2199 }
const FIELDS = [MINUTES, HOURS, DAY_OF_MONTH, MONTH, DAY_OF_WEEK, YEAR]

const MS_PER_MINUTE = 60_000
const MS_PER_DAY = 86_400_000
const SATURDAY = 7
const SUNDAY = 1
const LAST_WEEK = 7

/** Reads what stands between the parentheses of `cron(...)`; a UnitError names the faulty field. */
export function parseAwsCron(text: string): AwsCron {
  const parts = text.trim().toUpperCase().split(/\s+/)
  if (parts.length !== FIELDS.length) {
    const names = FIELDS.map(({ name }) => name).join(', ')
    const found = text.trim() === '' ? 0 : parts.length
    throw new UnitError(`a cron expression has six fields (${names}), and \`${text}\` has ${found}`)
  }
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = parts as [string, ...string[]]
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new UnitError(
      'exactly one of day-of-month and day-of-week is ?, such as in cron(0 12 * * ? *)',
    )
  }
  return {
    minutes: numbersOf(MINUTES, minutes),
    hours: numbersOf(HOURS, hours!),
    days: dayOfMonth === '?' ? rulesOfWeek(dayOfWeek!) : dayOfMonth!.split(',').map(ruleOfMonth),
    months: numbersOf(MONTH, month!),
    years: numbersOf(YEAR, year!),
  }
}

/** The first time that is not before `fromMs` (both epoch milliseconds); null: never again. */
export function nextCronTime(cron: AwsCron, fromMs: number): number | null {
  const { minutes, hours, years } = cron
  // Times are whole minutes.
  const startMs = Math.ceil(fromMs / MS_PER_MINUTE) * MS_PER_MINUTE
  const firstDayMs = Math.floor(startMs / MS_PER_DAY) * MS_PER_DAY
  const endMs = Date.UTC(years.at(-1)! + 1, 0)
  for (let dayMs = firstDayMs; dayMs < endMs; dayMs = dayAfter(cron, dayMs)) {
    if (!isDay(cron, new Date(dayMs))) continue
    const earliest = Math.max(0, (startMs - dayMs) / MS_PER_MINUTE)
    for (const hour of hours) {
      const minute = minutes.find((candidate) => 60 * hour + candidate >= earliest)
      if (minute !== undefined) return dayMs + (60 * hour + minute) * MS_PER_MINUTE
    }
  }
  return null
}

/** The next day that may be meant: months and years that are not are skipped whole. */
function dayAfter({ months, years }: AwsCron, dayMs: number): number {
  const date = new Date(dayMs)
  const year = date.getUTCFullYear()
  const month = date.getUTCMonth()
  if (!years.includes(year)) return Date.UTC(year + 1, 0)
  return months.includes(month + 1) ? dayMs + MS_PER_DAY : Date.UTC(year, month + 1)
}

function isDay({ days, months, years }: AwsCron, date: Date): boolean {
  return (
    years.includes(date.getUTCFullYear()) &&
    months.includes(date.getUTCMonth() + 1) &&
    days.some((rule) => meets(rule, date))
  )
}

function meets(rule: DayRule, date: Date): boolean {
  const day = date.getUTCDate()
  const weekday = date.getUTCDay() + 1
  switch (rule.kind) {
    case 'daysOfMonth':
      return rule.days.includes(day)
    case 'lastDayOfMonth':
      return day === lengthOfMonth(date)
    case 'nearestWeekday':
      return day === nearestWeekday(rule.day, date)
    case 'daysOfWeek':
      return rule.days.includes(weekday)
    case 'lastDayOfWeek':
      return weekday === rule.day && day + LAST_WEEK > lengthOfMonth(date)
    case 'nthDayOfWeek':
      return weekday === rule.day && Math.ceil(day / LAST_WEEK) === rule.nth
  }
}

function lengthOfMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
}

/** undefined where the month has no such day. */
function nearestWeekday(day: number, date: Date): number | undefined {
  const last = lengthOfMonth(date)
  if (day > last) return undefined
  const meant = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day))
  const weekday = meant.getUTCDay() + 1
  if (weekday === SATURDAY) return day === 1 ? day + 2 : day - 1
  if (weekday === SUNDAY) return day === last ? day - 2 : day + 1
  return day
}

function ruleOfMonth(text: string): DayRule {
  if (text === 'L') return { kind: 'lastDayOfMonth' }
  if (text.endsWith('W')) {
    return { kind: 'nearestWeekday', day: numberOf(DAY_OF_MONTH, text.slice(0, -1)) }
  }
  return { kind: 'daysOfMonth', days: numbersOf(DAY_OF_MONTH, text) }
}

function rulesOfWeek(text: string): DayRule[] {
  if (text.includes('#') && text.includes(',')) {
    throw new UnitError(`day-of-week \`${text}\`: with # there is only one expression`)
  }
  return text.split(',').map(ruleOfWeek)
}

function ruleOfWeek(text: string): DayRule {
  // The last day of the week.
  if (text === 'L') return { kind: 'daysOfWeek', days: [SATURDAY] }
  if (text.endsWith('L')) {
    return { kind: 'lastDayOfWeek', day: numberOf(DAY_OF_WEEK, text.slice(0, -1)) }
  }
  const [day = '', nth, ...rest] = text.split('#')
  if (nth === undefined) return { kind: 'daysOfWeek', days: numbersOf(DAY_OF_WEEK, text) }
  if (rest.length > 0 || !/^[1-5]$/.test(nth)) {
    throw new UnitError(`day-of-week \`${text}\`: after # comes which one of the month, 1 to 5`)
  }
  return { kind: 'nthDayOfWeek', day: numberOf(DAY_OF_WEEK, day), nth: Number(nth) }
}

/** `*`, `5`, `1-5`, `0/15`, `MON-FRI`, or several of them with commas. */
function numbersOf(field: Field, text: string): number[] {
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    for (const number of rangeOf(field, part)) numbers.add(number)
  }
  return [...numbers].sort((one, other) => one - other)
}

/** A range that goes downwards passes the end of the field: hours 20-2 are 20 to 23 and 0 to 2. */
function rangeOf(field: Field, text: string): number[] {
  const { minimum, maximum } = field
  const [range = '', step, ...rest] = text.split('/')
  if (rest.length > 0 || (step !== undefined && !/^[1-9][0-9]*$/.test(step))) {
    throw new UnitError(`${field.name} \`${text}\`: after / comes a step, a whole number from 1`)
  }
  const [first = '', last, ...others] = range.split('-')
  if (others.length > 0) throw new UnitError(`${field.name} \`${text}\`: a range has two ends`)
  let from = minimum
  let to = maximum
  if (range !== '*') {
    from = numberOf(field, first)
    if (last !== undefined) to = numberOf(field, last)
    else if (step === undefined) to = from
  }
  const span = to >= from ? to - from : to - from + maximum - minimum + 1
  if (to < from && field === YEAR) throw new UnitError(`year \`${text}\`: a range goes upwards`)
  const stride = Number(step ?? 1)
  return Array.from({ length: Math.floor(span / stride) + 1 }, (_, index) => {
    const number = from + index * stride
    return number > maximum ? number - maximum + minimum - 1 : number
  })
}

function numberOf({ name, minimum, maximum, words }: Field, text: string): number {
  const word = words?.indexOf(text) ?? -1
  if (word >= 0) return minimum + word
  const number = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN
  if (number >= minimum && number <= maximum) return number
  const alternatives = words === undefined ? '' : ` or ${words[0]} to ${words.at(-1)}`
  throw new UnitError(`${name} \`${text}\` is not ${minimum} to ${maximum}${alternatives}`)
}
