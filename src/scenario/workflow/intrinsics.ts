/**
 * Intrinsic functions of JSONPath state machines: `States.Format('Order {}', $.id)`.
 * Source: AWS Step Functions developer guide, "Intrinsic functions for JSONPath states".
 */
import { find, merged, PathFault, pathFault, type Scope } from './json-path.ts'
import { canonical, isKnown, isObject, UNKNOWN } from './known.ts'

type Argument =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly name: string; readonly values: readonly Argument[] }

type Call = Extract<Argument, { kind: 'call' }>

const FUNCTIONS: Readonly<Record<string, (values: readonly unknown[]) => unknown>> = {
  'States.Format': ([template, ...values]) => {
    let next = 0
    const put = (match: string) => {
      if (match !== '{}') return match.slice(1)
      if (next === values.length) throw new PathFault('there are more {} than values')
      return textOf(values[next++])
    }
    return String(template).replace(/\\[{}'\\]|\{\}/g, put)
  },
  'States.StringToJson': ([text]) => JSON.parse(String(text)) as unknown,
  'States.JsonToString': ([value]) => JSON.stringify(value),
  'States.Array': (values) => values,
  'States.ArrayPartition': ([array, size]) => {
    const items = listOf(array)
    const length = Math.max(1, Math.floor(numberIn(size)))
    const parts: unknown[][] = []
    for (let at = 0; at < items.length; at += length) parts.push(items.slice(at, at + length))
    return parts
  },
  'States.ArrayContains': ([array, value]) =>
    listOf(array).some((item) => canonical(item) === canonical(value)),
  'States.ArrayRange': ([first, last, step]) => {
    const [from, to, by] = [numberIn(first), numberIn(last), numberIn(step)]
    const items: number[] = []
    if (by === 0 || Math.abs((to - from) / by) > 1_000) {
      throw new PathFault('States.ArrayRange gives at most 1,000 items')
    }
    for (let at = from; by > 0 ? at <= to : at >= to; at += by) items.push(at)
    return items
  },
  'States.ArrayGetItem': ([array, index]) => {
    const item = listOf(array)[numberIn(index)]
    if (item === undefined) throw new PathFault(`the array has no element ${String(index)}`)
    return item
  },
  'States.ArrayLength': ([array]) => listOf(array).length,
  'States.ArrayUnique': ([array]) => [
    ...new Map(listOf(array).map((item) => [canonical(item), item])).values(),
  ],
  'States.Base64Encode': () => UNKNOWN,
  'States.Base64Decode': () => UNKNOWN,
  'States.Hash': () => UNKNOWN,
  'States.JsonMerge': ([one, other]) => {
    if (!isObject(one) || !isObject(other)) throw new PathFault('two objects are wanted')
    return merged(one, other)
  },
  'States.MathRandom': () => UNKNOWN,
  'States.MathAdd': ([one, other]) => Math.trunc(numberIn(one)) + Math.trunc(numberIn(other)),
  'States.StringSplit': ([text, separators]) => {
    const marks = String(separators)
    const parts: string[] = ['']
    for (const character of String(text)) {
      if (marks.includes(character)) parts.push('')
      else parts[parts.length - 1] += character
    }
    return parts.filter((part) => part !== '')
  },
  'States.UUID': () => UNKNOWN,
}

/** Whether the text is a call and not a path. */
export function isIntrinsic(text: string): boolean {
  return text.trim().startsWith('States.')
}

/** What is wrong with a call; null: nothing. */
export function intrinsicFault(text: string): string | null {
  try {
    parse(text)
    return null
  } catch (error) {
    return error instanceof PathFault ? error.message : String(error)
  }
}

/** Throws a PathFault where it cannot be computed. */
export function callIntrinsic(text: string, scope: Scope): unknown {
  return compute(parse(text), scope)
}

function compute(argument: Argument, scope: Scope): unknown {
  if (argument.kind === 'value') return argument.value
  if (argument.kind === 'path') {
    const value = find(argument.path, scope)
    if (value === undefined) throw new PathFault(`\`${argument.path}\` is not in the document`)
    return value
  }
  const values = argument.values.map((value) => compute(value, scope))
  // An array may hold what is not known.
  if (argument.name === 'States.Array') return values
  if (argument.name === 'States.ArrayLength' && Array.isArray(values[0])) return values[0].length
  if (argument.name === 'States.JsonMerge' && values.every(isObject)) {
    return merged(values[0], values[1])
  }
  if (!values.every(isKnown)) return UNKNOWN
  try {
    return FUNCTIONS[argument.name]!(values)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `${argument.name} cannot be computed: ${reason}`
    throw new PathFault(message, 'States.IntrinsicFailure')
  }
}

function parse(text: string): Call {
  const reader = new Reader(text)
  const call = reader.argument()
  reader.end()
  if (call.kind !== 'call') throw new PathFault(`\`${text}\` is no call of a function`)
  return call
}

class Reader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  argument(): Argument {
    this.space()
    const rest = this.text.slice(this.at)
    const name = /^States\.\w+/.exec(rest)?.[0]
    if (name !== undefined) return this.call(name)
    const quoted = /^'((?:[^'\\]|\\.)*)'/.exec(rest)
    if (quoted !== null) {
      this.at += quoted[0].length
      return { kind: 'value', value: quoted[1]!.replace(/\\'/g, "'") }
    }
    const literal = /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/.exec(rest)
    if (literal !== null) {
      this.at += literal[0].length
      return { kind: 'value', value: JSON.parse(literal[0]) as unknown }
    }
    if (rest.startsWith('$')) return this.path()
    throw this.fault(`cannot be read at \`${rest.slice(0, 20)}\``)
  }

  end(): void {
    this.space()
    if (this.at < this.text.length) throw this.fault('goes on after its closing bracket')
  }

  private call(name: string): Call {
    if (FUNCTIONS[name] === undefined) {
      throw this.fault(`calls ${name}: known are ${Object.keys(FUNCTIONS).join(', ')}`)
    }
    this.at += name.length
    this.expect('(')
    const values: Argument[] = []
    this.space()
    while (this.text[this.at] !== ')') {
      if (values.length > 0) this.expect(',')
      values.push(this.argument())
      this.space()
      if (this.at >= this.text.length) throw this.fault('is never closed')
    }
    this.at++
    return { kind: 'call', name, values }
  }

  private path(): Argument {
    let depth = 0
    const from = this.at
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]!
      if (character === '[' || character === '(') depth++
      if (depth === 0 && (character === ',' || character === ')')) break
      if (character === ']' || character === ')') depth--
    }
    const path = this.text.slice(from, this.at).trim()
    const fault = pathFault(path)
    if (fault !== null) throw new PathFault(fault)
    return { kind: 'path', path }
  }

  private expect(character: string): void {
    this.space()
    if (this.text[this.at] !== character) throw this.fault(`lacks a \`${character}\``)
    this.at++
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++
  }

  private fault(what: string): PathFault {
    return new PathFault(`the intrinsic function \`${this.text.slice(0, 60)}\` ${what}`)
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  throw new PathFault('an array is wanted')
}

function numberIn(value: unknown): number {
  if (typeof value === 'number') return value
  throw new PathFault('a number is wanted')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
