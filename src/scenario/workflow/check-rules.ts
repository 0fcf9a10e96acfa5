/** The rules of a Choice. */
import type { PathSegment } from '../diagnostics.ts'
import { nearest } from '../diagnostics.ts'
import type { Report } from './check-definition.ts'
import { OPERATORS } from './choice-rules.ts'
import { pathFault } from './json-path.ts'
import { expressionFault, expressionIn } from './jsonata-expression.ts'
import { type Fields, isObject } from './known.ts'

const BESIDE = ['Variable', 'Next', 'Comment', 'Assign', 'Output']

export function checkRules(
  path: readonly PathSegment[],
  rule: Fields,
  isJsonata: boolean,
  report: Report,
): void {
  if (isJsonata) checkCondition(path, rule, report)
  else checkRule(path, rule, report)
}

function checkCondition(path: readonly PathSegment[], rule: Fields, report: Report): void {
  const { Condition: condition } = rule
  if (typeof condition === 'boolean') return
  if (typeof condition !== 'string') {
    const where = condition === undefined ? path : [...path, 'Condition']
    report(where, 'a rule of a JSONata state has a `Condition` such as "{% $states.input.ok %}"')
    return
  }
  const expression = expressionIn(condition)
  const fault =
    expression === undefined
      ? 'a condition is an expression in {% and %}'
      : expressionFault(expression)
  if (fault !== null) report([...path, 'Condition'], fault)
}

function checkRule(path: readonly PathSegment[], rule: Fields, report: Report): void {
  for (const key of ['And', 'Or'] as const) {
    if (rule[key] === undefined) continue
    if (!Array.isArray(rule[key]) || rule[key].length === 0) {
      report([...path, key], `\`${key}\` is a list of rules`)
      return
    }
    for (const [index, inner] of (rule[key] as unknown[]).entries()) {
      if (isObject(inner)) checkRule([...path, key, index], inner, report)
      else report([...path, key, index], 'a rule is a map')
    }
    return
  }
  if (rule.Not !== undefined) {
    if (isObject(rule.Not)) checkRule([...path, 'Not'], rule.Not, report)
    else report([...path, 'Not'], 'a rule is a map')
    return
  }
  const operators = Object.keys(rule).filter((key) => !BESIDE.includes(key))
  const [operator, second] = operators
  if (operator === undefined || second !== undefined) {
    report(path, 'a rule has one comparison, such as `StringEquals`, beside its `Variable`')
    return
  }
  if (!OPERATORS.includes(operator)) {
    const suggestion = nearest(operator, OPERATORS)
    report([...path, operator], `\`${operator}\` is no comparison`, { at: 'key', suggestion })
    return
  }
  checkPath(path, rule, 'Variable', report)
  if (operator.endsWith('Path')) checkPath(path, rule, operator, report)
}

function checkPath(path: readonly PathSegment[], rule: Fields, key: string, report: Report): void {
  const value = rule[key]
  if (typeof value !== 'string') {
    report(
      value === undefined ? path : [...path, key],
      `\`${key}\` is a path such as $.order.total`,
    )
    return
  }
  const fault = pathFault(value)
  if (fault !== null) report([...path, key], fault)
}
