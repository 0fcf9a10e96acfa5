/** Paths, payload templates and expressions of a state, and what a Wait, Fail or Map needs. */
import type { PathSegment } from '../diagnostics.ts'
import { isWhole, type Report } from './check-definition.ts'
import { intrinsicFault, isIntrinsic } from './intrinsics.ts'
import { pathFault, referencePathFault } from './json-path.ts'
import { expressionFault, expressionIn } from './jsonata-expression.ts'
import { type Fields, isObject } from './known.ts'
import type { StateType } from './state-fields.ts'

const PATHS = [
  'InputPath',
  'OutputPath',
  'ErrorPath',
  'CausePath',
  'ItemsPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'MaxConcurrencyPath',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
]
const TEMPLATES = [
  'Parameters',
  'ResultSelector',
  'ItemSelector',
  'Arguments',
  'Output',
  'Assign',
  'Items',
]
const MAY_BE_NULL = ['InputPath', 'OutputPath', 'ResultPath']
const LONGEST_WAIT = 99_999_999

export function checkData(
  path: readonly PathSegment[],
  state: Fields,
  type: StateType,
  isJsonata: boolean,
  report: Report,
): void {
  for (const key of PATHS) checkPath([...path, key], state[key], key, isJsonata, report)
  for (const key of TEMPLATES) checkTemplate([...path, key], state[key], isJsonata, report)
  const { ResultPath: resultPath } = state
  if (resultPath !== undefined && resultPath !== null) {
    const fault =
      typeof resultPath === 'string' ? referencePathFault(resultPath) : 'ResultPath is a path'
    if (fault !== null) report([...path, 'ResultPath'], fault)
  }
  if (Array.isArray(state.Catch)) {
    for (const [index, catcher] of (state.Catch as unknown[]).entries()) {
      if (!isObject(catcher)) continue
      const where = [...path, 'Catch', index]
      if (typeof catcher.ResultPath === 'string') {
        const fault = referencePathFault(catcher.ResultPath)
        if (fault !== null) report([...where, 'ResultPath'], fault)
      }
      for (const key of ['Output', 'Assign']) {
        checkTemplate([...where, key], catcher[key], isJsonata, report)
      }
    }
  }
  if (type === 'Wait') checkWait(path, state, isJsonata, report)
  if (type === 'Map') checkMapNumbers(path, state, isJsonata, report)
}

function checkPath(
  path: readonly PathSegment[],
  value: unknown,
  key: string,
  isJsonata: boolean,
  report: Report,
): void {
  if (value === undefined || isJsonata) return
  if (value === null && MAY_BE_NULL.includes(key)) return
  if (typeof value !== 'string') {
    report(path, `${key} is a path such as $.order`)
    return
  }
  // Paths may also be calls of intrinsic functions.
  const fault = isIntrinsic(value) ? intrinsicFault(value) : pathFault(value)
  if (fault !== null) report(path, fault)
}

function checkTemplate(
  path: readonly PathSegment[],
  value: unknown,
  isJsonata: boolean,
  report: Report,
): void {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as unknown[]).entries()) {
      checkTemplate([...path, index], item, isJsonata, report)
    }
    return
  }
  if (isObject(value)) {
    for (const [key, field] of Object.entries(value)) {
      const where = [...path, key]
      if (isJsonata || !key.endsWith('.$')) {
        checkTemplate(where, field, isJsonata, report)
        continue
      }
      const fault =
        typeof field !== 'string'
          ? `\`${key}\` is a path or an intrinsic function`
          : isIntrinsic(field)
            ? intrinsicFault(field)
            : pathFault(field)
      if (fault !== null) report(where, fault)
    }
    return
  }
  if (!isJsonata || typeof value !== 'string') return
  const expression = expressionIn(value)
  const fault = expression === undefined ? null : expressionFault(expression)
  if (fault !== null) report(path, fault)
}

function checkWait(
  path: readonly PathSegment[],
  state: Fields,
  isJsonata: boolean,
  report: Report,
): void {
  const keys = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath']
  const given = keys.filter((key) => state[key] !== undefined)
  if (given.length !== 1) {
    report(path, `a Wait has exactly one of ${keys.join(', ')}`, { at: 'key' })
    return
  }
  const { Seconds: seconds, Timestamp: timestamp } = state
  if (
    seconds !== undefined &&
    !isWhole(seconds, 0, LONGEST_WAIT) &&
    !isExpression(seconds, isJsonata)
  ) {
    report([...path, 'Seconds'], `Seconds is a whole number from 0 to ${LONGEST_WAIT}`)
  }
  const isTime = typeof timestamp === 'string' && !Number.isNaN(Date.parse(timestamp))
  if (timestamp !== undefined && !isTime && !isExpression(timestamp, isJsonata)) {
    report([...path, 'Timestamp'], 'Timestamp is a time such as 2026-03-02T12:00:00Z')
  }
}

function checkMapNumbers(
  path: readonly PathSegment[],
  state: Fields,
  isJsonata: boolean,
  report: Report,
): void {
  const number = (key: string, most: number): void => {
    const value = state[key]
    if (value === undefined || isExpression(value, isJsonata)) return
    if (typeof value === 'number' && value >= 0 && value <= most) return
    report([...path, key], `${key} is a number from 0${most === 100 ? ' to 100' : ''}`)
  }
  number('MaxConcurrency', Number.MAX_SAFE_INTEGER)
  number('ToleratedFailureCount', Number.MAX_SAFE_INTEGER)
  number('ToleratedFailurePercentage', 100)
}

function isExpression(value: unknown, isJsonata: boolean): boolean {
  if (!isJsonata || typeof value !== 'string') return false
  const expression = expressionIn(value)
  return expression !== undefined && expressionFault(expression) === null
}
