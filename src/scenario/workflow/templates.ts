/**
 * Payload templates and the flow of a state's data, in either query language.
 * Source: AWS Step Functions developer guide, "Processing input and output in Step Functions".
 */
import { callIntrinsic, isIntrinsic } from './intrinsics.ts'
import { readPath, type Scope, withValue } from './json-path.ts'
import { evaluate, expressionIn } from './jsonata-expression.ts'
import { copied, type Fields, isObject, UNKNOWN } from './known.ts'

/** What expressions of a state see. */
export interface Evaluation extends Scope {
  readonly isJsonata: boolean
  /** Of JSONata, beside input and context. */
  readonly result?: unknown
  readonly errorOutput?: unknown
}

/** Parameters, ResultSelector, ItemSelector, Arguments, Output, Assign: fields are computed. */
export async function fill(template: unknown, scope: Evaluation): Promise<unknown> {
  if (template === UNKNOWN) return UNKNOWN
  if (Array.isArray(template)) return Promise.all(template.map((item) => fill(item, scope)))
  if (isObject(template)) {
    const filled: Fields = {}
    for (const [key, value] of Object.entries(template)) {
      if (!scope.isJsonata && key.endsWith('.$') && typeof value === 'string') {
        filled[key.slice(0, -2)] = computed(value, scope)
      } else filled[key] = await fill(value, scope)
    }
    return copied(filled, template)
  }
  return typeof template === 'string' && scope.isJsonata ? textValue(template, scope) : template
}

/** What `field.$` is: a path or an intrinsic function. */
export function computed(text: string, scope: Scope): unknown {
  return isIntrinsic(text) ? callIntrinsic(text, scope) : readPath(text, scope)
}

/** A text of a JSONata state: an expression, or itself. */
export async function textValue(text: string, scope: Evaluation): Promise<unknown> {
  const expression = expressionIn(text)
  if (expression === undefined) return text
  const states: Fields = { input: scope.input, context: scope.context }
  if (scope.result !== undefined) states.result = scope.result
  if (scope.errorOutput !== undefined) states.errorOutput = scope.errorOutput
  return evaluate(expression, { states, variables: scope.variables })
}

/** InputPath or OutputPath: null is an empty document. */
export function selected(path: unknown, scope: Scope): unknown {
  if (path === undefined) return scope.input
  return path === null ? {} : computed(String(path), scope)
}

/** ResultPath: null throws the result away. */
export function placed(path: unknown, input: unknown, result: unknown): unknown {
  if (path === undefined || path === '$') return result
  return path === null ? input : withValue(input, String(path), result)
}
