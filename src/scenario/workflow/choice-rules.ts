/**
 * The rules of a Choice state in JSONPath, with three truth values: true, false, and unknown.
 * Source: AWS Step Functions developer guide, "Choice workflow state".
 */
import { isPresent, PathFault, readPath, type Scope } from './json-path.ts'
import { type Fields, UNKNOWN } from './known.ts'

/** null: not known. */
export type Truth = boolean | null

type Compare = (value: unknown, other: unknown) => boolean

const number: (test: (one: number, other: number) => boolean) => Compare =
  (test) => (value, other) =>
    typeof value === 'number' && typeof other === 'number' && test(value, other)
const text: (test: (one: string, other: string) => boolean) => Compare = (test) => (value, other) =>
  typeof value === 'string' && typeof other === 'string' && test(value, other)
const time: (test: (one: number, other: number) => boolean) => Compare = (test) => (value, other) =>
  isTimestamp(value) && isTimestamp(other) && test(Date.parse(value), Date.parse(other))

const COMPARISONS: Readonly<Record<string, Compare>> = {
  BooleanEquals: (value, other) => typeof value === 'boolean' && value === other,
  NumericEquals: number((one, other) => one === other),
  NumericGreaterThan: number((one, other) => one > other),
  NumericGreaterThanEquals: number((one, other) => one >= other),
  NumericLessThan: number((one, other) => one < other),
  NumericLessThanEquals: number((one, other) => one <= other),
  StringEquals: text((one, other) => one === other),
  StringGreaterThan: text((one, other) => one > other),
  StringGreaterThanEquals: text((one, other) => one >= other),
  StringLessThan: text((one, other) => one < other),
  StringLessThanEquals: text((one, other) => one <= other),
  TimestampEquals: time((one, other) => one === other),
  TimestampGreaterThan: time((one, other) => one > other),
  TimestampGreaterThanEquals: time((one, other) => one >= other),
  TimestampLessThan: time((one, other) => one < other),
  TimestampLessThanEquals: time((one, other) => one <= other),
}

const TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsBoolean: (value) => typeof value === 'boolean',
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsTimestamp: isTimestamp,
}

/** Operators of a rule, one of which it has beside `Variable`. */
export const OPERATORS: readonly string[] = [
  ...Object.keys(COMPARISONS),
  ...Object.keys(COMPARISONS).map((name) => `${name}Path`),
  ...Object.keys(TESTS),
  'IsPresent',
  'StringMatches',
]

/** Throws a PathFault where the variable is missing. */
export function truthOf(rule: Fields, scope: Scope): Truth {
  if (Array.isArray(rule.And)) return firstOf(rule.And as Fields[], false, scope)
  if (Array.isArray(rule.Or)) return firstOf(rule.Or as Fields[], true, scope)
  if (rule.Not !== undefined) return opposite(truthOf(rule.Not as Fields, scope))
  const operator = OPERATORS.find((name) => Object.hasOwn(rule, name)) ?? ''
  const path = String(rule.Variable)
  if (operator === 'IsPresent') {
    const present = isPresent(path, scope)
    return present === null ? null : present === rule[operator]
  }
  const value = readPath(path, scope)
  if (value === UNKNOWN) return null
  const test = TESTS[operator]
  if (test !== undefined) return test(value) === rule[operator]
  if (operator === 'StringMatches') {
    return typeof value === 'string' && patternOf(String(rule[operator])).test(value)
  }
  const isPath = operator.endsWith('Path')
  const other = isPath ? readPath(String(rule[operator]), scope) : rule[operator]
  if (other === UNKNOWN) return null
  return COMPARISONS[isPath ? operator.slice(0, -4) : operator]!(value, other)
}

/**
 * And ends with the first rule that is false, Or with the first that is true: what stands behind it
 * may read what is not there.
 */
function firstOf(rules: readonly Fields[], decisive: boolean, scope: Scope): Truth {
  let isUnknown = false
  for (const rule of rules) {
    const truth = isUnknown ? truthUnlessMissing(rule, scope) : truthOf(rule, scope)
    if (truth === decisive) return decisive
    if (truth === null) isUnknown = true
  }
  return isUnknown ? null : !decisive
}

/** Behind a rule that is not known, it is not known either whether this one is looked at. */
function truthUnlessMissing(rule: Fields, scope: Scope): Truth {
  try {
    return truthOf(rule, scope)
  } catch (fault) {
    if (fault instanceof PathFault) return null
    throw fault
  }
}

function opposite(truth: Truth): Truth {
  return truth === null ? null : !truth
}

/** `*` stands for any characters, `\\*` for itself. */
function patternOf(wildcards: string): RegExp {
  const source = wildcards.replace(/\\[*\\]|[*]|[.+?^${}()|[\]\\/]/g, (found) => {
    if (found === '*') return '[\\s\\S]*'
    return found.length === 2 ? `\\${found[1]}` : `\\${found}`
  })
  return new RegExp(`^${source}$`)
}

function isTimestamp(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}
