/**
 * Retry and Catch.
 * Source: AWS Step Functions developer guide, "Handling errors in Step Functions workflows".
 */
import type { PathSegment } from '../diagnostics.ts'
import { isWhole, type Report } from './check-definition.ts'
import { expressionIn } from './jsonata-expression.ts'
import { type Fields, isObject } from './known.ts'

const LONGEST_INTERVAL = 99_999_999
const MOST_ATTEMPTS = 99_999_999
const LONGEST_DELAY = 31_622_400
const LONGEST_TIMEOUT = 99_999_999

export function checkHandling(
  path: readonly PathSegment[],
  state: Fields,
  isJsonata: boolean,
  report: Report,
): void {
  for (const key of ['Retry', 'Catch'] as const) {
    const entries = state[key]
    if (entries === undefined) continue
    if (!Array.isArray(entries)) {
      report([...path, key], `\`${key}\` is a list`)
      continue
    }
    for (const [index, entry] of (entries as unknown[]).entries()) {
      const where = [...path, key, index]
      if (!isObject(entry)) {
        report(where, key === 'Retry' ? 'a retrier is a map' : 'a catcher is a map')
        continue
      }
      checkErrors(where, entry, index === entries.length - 1, report)
      if (key === 'Retry') checkRetrier(where, entry, report)
    }
  }
  checkTimeouts(path, state, isJsonata, report)
}

function checkErrors(
  path: readonly PathSegment[],
  { ErrorEquals: errors }: Fields,
  isLast: boolean,
  report: Report,
): void {
  const isList =
    Array.isArray(errors) && errors.length > 0 && errors.every((error) => typeof error === 'string')
  if (!isList) {
    const where = errors === undefined ? path : [...path, 'ErrorEquals']
    report(where, '`ErrorEquals` is a list of at least one name of an error')
    return
  }
  if (!errors.includes('States.ALL')) return
  if (errors.length > 1 || !isLast) {
    const message = 'States.ALL stands alone, and in the last entry of the list'
    report([...path, 'ErrorEquals'], message)
  }
}

function checkRetrier(path: readonly PathSegment[], retrier: Fields, report: Report): void {
  const whole = (key: string, least: number, most: number): void => {
    if (retrier[key] === undefined || isWhole(retrier[key], least, most)) return
    report([...path, key], `${key} is a whole number from ${least} to ${most}`)
  }
  whole('IntervalSeconds', 1, LONGEST_INTERVAL)
  whole('MaxAttempts', 0, MOST_ATTEMPTS)
  whole('MaxDelaySeconds', 1, LONGEST_DELAY)
  const { BackoffRate: rate, JitterStrategy: jitter } = retrier
  if (rate !== undefined && !(typeof rate === 'number' && rate >= 1)) {
    report([...path, 'BackoffRate'], 'BackoffRate is a number of at least 1.0')
  }
  if (jitter !== undefined && jitter !== 'NONE' && jitter !== 'FULL') {
    report([...path, 'JitterStrategy'], 'JitterStrategy is NONE or FULL')
  }
}

function checkTimeouts(
  path: readonly PathSegment[],
  state: Fields,
  isJsonata: boolean,
  report: Report,
): void {
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state
  for (const [key, value] of Object.entries({
    TimeoutSeconds: timeout,
    HeartbeatSeconds: heartbeat,
  })) {
    const isExpression = isJsonata && typeof value === 'string' && expressionIn(value) !== undefined
    if (value === undefined || isExpression || isWhole(value, 1, LONGEST_TIMEOUT)) continue
    report([...path, key], `${key} is a whole number of seconds from 1 to ${LONGEST_TIMEOUT}`)
  }
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    report([...path, 'HeartbeatSeconds'], 'HeartbeatSeconds is less than TimeoutSeconds')
  }
}
