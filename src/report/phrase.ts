/** Numbers as a person reads them. Files hold the exact ones; see decimal.ts. */
import {
  formatDuration,
  MICROSECONDS_PER_MILLISECOND,
  MICROSECONDS_PER_MINUTE,
  MICROSECONDS_PER_SECOND,
} from '../kernel/time.ts'

/** `402,118`; a mean over replications keeps one decimal while it is small. */
export function count(value: number): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10
  const [whole = '0', fraction] = String(rounded).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}

/** `1 request`, `20 requests`. */
export function countOf(value: number, noun: string): string {
  return `${count(value)} ${value === 1 ? noun : `${noun}s`}`
}

/** `3.1%`, `0.02%`: two digits that matter, never a share that looks like 0 or 100% but is not. */
export function percent(share: number): string {
  const value = share * 100
  if (value === 0) return '0%'
  if (value === 100) return '100%'
  if (value < 0.01) return '<0.01%'
  if (value > 99.99 && value < 100) return '>99.99%'
  if (value < 1 || value > 99) return `${trim(value.toFixed(2))}%`
  return `${trim(value.toFixed(1))}%`
}

/** A difference of shares: `3 points` between 3.1% and 0.1%. */
export function points(difference: number): string {
  const value = Number((difference * 100).toPrecision(2))
  return `${trim(value.toFixed(4))} ${value === 1 ? 'point' : 'points'}`
}

/** `41.2ms`, `1.23s`, `2m5s`: three digits that matter. */
export function milliseconds(value: number): string {
  if (value === 0) return '0ms'
  if (value < 10) return `${trim(value.toFixed(2))}ms`
  if (value < 100) return `${trim(value.toFixed(1))}ms`
  if (value < 999.5) return `${Math.round(value)}ms`
  const seconds = value / 1_000
  if (seconds < 9.995) return `${trim(seconds.toFixed(2))}s`
  if (seconds < 60) return `${trim(seconds.toFixed(1))}s`
  return formatDuration(Math.round(seconds) * MICROSECONDS_PER_SECOND)
}

/** A point in simulated time, to the second where seconds are what a person can use. */
export function instant(timeUs: number): string {
  const grain =
    timeUs >= MICROSECONDS_PER_MINUTE
      ? MICROSECONDS_PER_SECOND
      : timeUs >= MICROSECONDS_PER_SECOND
        ? 100 * MICROSECONDS_PER_MILLISECOND
        : MICROSECONDS_PER_MILLISECOND
  return formatDuration(Math.round(timeUs / grain) * grain)
}

/** A value in the unit of its metric. */
export function inUnit(value: number, unit: string): string {
  if (unit === 'ms') return milliseconds(value)
  if (unit === 'ratio') return percent(value)
  return count(value)
}

/** `$1,683.90`, `-$6.67`; below a cent two digits that matter. */
export function money(usd: string): string {
  const value = Math.abs(Number(usd))
  const digits =
    value === 0 || value >= 0.01 ? value.toFixed(2) : trim(Number(value.toPrecision(2)).toFixed(12))
  const [whole = '0', fraction = '00'] = digits.split('.')
  return `${Number(usd) < 0 ? '-' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`
}

const BAR_CELLS = 20

/** A share as a strip; it is full only when the share is 1 or more. */
export function bar(share: number): string {
  const filled = Math.min(BAR_CELLS, Math.floor(share * BAR_CELLS))
  return '█'.repeat(filled) + '░'.repeat(BAR_CELLS - filled)
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`
}

function trim(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits
}

/** The first few, and how many more there are. */
export function listedUpTo(names: readonly string[], most: number): string {
  if (names.length <= most) return listed(names)
  return listed([...names.slice(0, most - 1), `${count(names.length - most + 1)} more`])
}
