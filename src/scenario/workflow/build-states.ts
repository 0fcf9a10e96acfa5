/** Nodes of states that neither call nor fork. */
import type { ProgramNode, WaitNode } from '../../model/workflow/program.ts'
import { truthOf } from './choice-rules.ts'
import { PathFault, readPath } from './json-path.ts'
import { canonical, type Fields, UNKNOWN } from './known.ts'
import { type Lack, stated, writtenKey } from './lacks.ts'
import { type Expander, type Situation, US_PER_SECOND } from './situation.ts'
import { computed, type Evaluation, fill, selected, textValue } from './templates.ts'

export async function buildPass(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { isJsonata, evaluation } = place
  const own = place.state
  if (isJsonata) {
    return { kind: 'pass', state, next: (await expander.exit(place, place.input, own)).next }
  }
  const input = selected(own.InputPath, evaluation)
  const scope = { ...evaluation, input }
  const result =
    own.Parameters !== undefined
      ? await fill(own.Parameters, scope)
      : own.Result === undefined
        ? input
        : own.Result
  return { kind: 'pass', state, next: (await expander.exit(place, result, own)).next }
}

export async function buildSucceed(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const output = await expander.outputOf(place, place.input, place.state, {})
  place.flow.outputs.set(canonical(output), output)
  return { kind: 'succeed', state }
}

export async function buildFail(place: Situation, state: number): Promise<ProgramNode> {
  const { evaluation, isJsonata } = place
  const { Error: error, ErrorPath: errorPath } = place.state
  let name: unknown = error ?? ''
  if (errorPath !== undefined) name = computed(String(errorPath), evaluation)
  else if (isJsonata && typeof error === 'string') name = await textValue(error, evaluation)
  const text = typeof name === 'string' ? name : 'Error'
  return { kind: 'fail', state, error: text, retriers: [], catchers: [] }
}

export async function buildChoice(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { name, evaluation, isJsonata } = place
  const own = place.state
  const rules = own.Choices as readonly Fields[]
  const goBy = async (rule: Fields, target: string): Promise<number> => {
    const merged: Fields = { ...own, Next: target }
    for (const key of ['Output', 'Assign']) {
      if (rule[key] !== undefined) merged[key] = rule[key]
      else if (rule !== own) delete merged[key]
    }
    return (await expander.exit(place, place.input, merged)).next
  }
  const stated = expander.steering.choices[name]
  if (stated !== undefined) {
    const ways: { upTo: number; next: number }[] = []
    let sum = 0
    for (const [target, share] of Object.entries(stated)) {
      sum += share
      const rule = rules.find(({ Next: next }) => next === target) ?? own
      ways.push({ upTo: sum, next: await goBy(rule, target) })
    }
    if (sum < 1 - 1e-9) ways.push({ upTo: 1, next: await goBy(own, String(own.Default)) })
    return { kind: 'choice', state, ways }
  }
  const input = isJsonata ? place.input : selected(own.InputPath, evaluation)
  for (const rule of rules) {
    const truth = isJsonata
      ? await condition(rule.Condition, evaluation)
      : truthOf(rule, { ...evaluation, input })
    if (truth === null) {
      tellUnknownChoice(expander, place, rules)
      // So that what is wrong behind it is told as well.
      for (const other of rules) await goBy(other, String(other.Next))
      if (own.Default !== undefined) await goBy(own, String(own.Default))
      return { kind: 'succeed', state }
    }
    if (truth) return { kind: 'pass', state, next: await goBy(rule, String(rule.Next)) }
  }
  if (own.Default !== undefined) {
    return { kind: 'pass', state, next: await goBy(own, String(own.Default)) }
  }
  expander.warn(`state ${name} fails with States.NoChoiceMatched: no rule is true`)
  return { kind: 'fail', state, error: 'States.NoChoiceMatched', retriers: [], catchers: [] }
}

async function condition(condition: unknown, evaluation: Evaluation): Promise<boolean | null> {
  if (typeof condition === 'boolean') return condition
  const value = await textValue(String(condition), evaluation)
  if (value === UNKNOWN) return null
  if (typeof value === 'boolean') return value
  throw new PathFault(`a condition is true or false, and not ${JSON.stringify(value)}`)
}

function tellUnknownChoice(
  expander: Expander,
  { name, state, path }: Situation,
  rules: readonly Fields[],
): void {
  const { Default: other } = state
  const ways = [...new Set([...rules.map(({ Next: next }) => String(next)), ...textsIn(other)])]
  const lack: Lack = { key: 'choices', name, value: `{ ${evenShares(ways, other).join(', ')} }` }
  const rest = other === undefined ? '' : `; the rest goes to ${String(other)}`
  const message = `where \`${name}\` goes depends on data that is not known: state ${stated(lack)}${rest}`
  expander.tell(path, message, 'key', lack)
}

function textsIn(value: unknown): readonly string[] {
  return typeof value === 'string' ? [value] : []
}

/** An example: each way as often as the others; the Default has the rest. */
function evenShares(ways: readonly string[], other: unknown): readonly string[] {
  const each = Math.floor(100 / ways.length)
  const said = ways.length > 1 ? ways.filter((way) => way !== other) : ways
  const last = other === undefined || ways.length === 1 ? 100 - each * (said.length - 1) : each
  return said.map((way, index) => `${writtenKey(way)}: ${index === said.length - 1 ? last : each}%`)
}

export async function buildWait(
  expander: Expander,
  place: Situation,
  state: number,
): Promise<ProgramNode> {
  const { name, path, evaluation, isJsonata } = place
  const own = place.state
  const { next } = await expander.exit(place, place.input, own)
  const node: WaitNode = { kind: 'wait', state, next, lengthUs: null, untilMs: null }
  if (expander.steering.durations.has(name)) return node
  const input = isJsonata ? place.input : selected(own.InputPath, evaluation)
  const scope = { ...evaluation, input }
  const value = async (plain: unknown, at: unknown): Promise<unknown> => {
    if (at !== undefined) return readPath(String(at), scope)
    return typeof plain === 'string' && isJsonata ? textValue(plain, scope) : plain
  }
  const isTime = own.Timestamp !== undefined || own.TimestampPath !== undefined
  const given = isTime
    ? await value(own.Timestamp, own.TimestampPath)
    : await value(own.Seconds, own.SecondsPath)
  if (given === UNKNOWN) {
    const lack: Lack = { key: 'durations', name, value: '10s' }
    const message = `how long \`${name}\` waits depends on data that is not known: state ${stated(lack)}`
    expander.tell(path, message, 'key', lack)
    return node
  }
  if (isTime) {
    const untilMs = Date.parse(String(given))
    if (Number.isNaN(untilMs)) throw new PathFault(`\`${String(given)}\` is no timestamp`)
    return { ...node, untilMs }
  }
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0) {
    throw new PathFault(`\`${String(given)}\` is no number of seconds`)
  }
  return { ...node, lengthUs: given * US_PER_SECOND }
}
