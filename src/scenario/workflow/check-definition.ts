/**
 * What is wrong with a definition, all at once: what CreateStateMachine would refuse, and what the
 * simulator cannot run. Paths lead into the definition.
 * Source: the Amazon States Language, as AWS Step Functions developer guide, "Using Amazon States
 * Language to define Step Functions workflows", describes it.
 */
import { nearest, type PathSegment, type Problem } from '../diagnostics.ts'
import { checkData } from './check-data.ts'
import { checkHandling } from './check-handling.ts'
import { checkRules } from './check-rules.ts'
import { type Fields, isObject } from './known.ts'
import { callOf } from './resource.ts'
import {
  fieldsOf,
  foreignFields,
  isFlowing,
  isHandling,
  STATE_TYPES,
  type StateType,
} from './state-fields.ts'

export interface DefinitionContext {
  readonly isExpress: boolean
}

export type Report = (
  path: readonly PathSegment[],
  message: string,
  options?: { readonly at?: Problem['at']; readonly suggestion?: string | undefined },
) => void

/** A state machine, a branch, or what a Map does with an item. */
interface Flow {
  readonly path: readonly PathSegment[]
  readonly flow: Fields
  readonly isJsonata: boolean
}

const LONGEST_NAME = 80

export function checkDefinition(
  definition: unknown,
  context: DefinitionContext,
): readonly Problem[] {
  const problems: Problem[] = []
  const report: Report = (path, message, { at = 'value', suggestion } = {}) => {
    problems.push({ path, at, message, ...(suggestion === undefined ? {} : { suggestion }) })
  }
  if (!isObject(definition)) {
    report([], 'a definition is a map with `StartAt` and `States`')
    return problems
  }
  const language = definition.QueryLanguage ?? 'JSONPath'
  if (language !== 'JSONPath' && language !== 'JSONata') {
    report(['QueryLanguage'], 'QueryLanguage is JSONPath or JSONata')
  }
  if (definition.TimeoutSeconds !== undefined && !isWhole(definition.TimeoutSeconds, 1)) {
    report(['TimeoutSeconds'], 'TimeoutSeconds is a whole number of seconds from 1')
  }
  const names = new Map<string, readonly PathSegment[]>()
  const flow = { path: [], flow: definition, isJsonata: language === 'JSONata' }
  new FlowCheck(flow, context, report, names).check()
  return problems
}

class FlowCheck {
  private readonly place: Flow
  private readonly context: DefinitionContext
  private readonly report: Report
  private readonly names: Map<string, readonly PathSegment[]>
  private hasUnknownTarget = false

  constructor(
    place: Flow,
    context: DefinitionContext,
    report: Report,
    names: Map<string, readonly PathSegment[]>,
  ) {
    this.place = place
    this.context = context
    this.report = report
    this.names = names
  }

  check(): void {
    const { flow, path } = this.place
    const { States: states, StartAt: start } = flow
    if (!isObject(states) || Object.keys(states).length === 0) {
      const where = states === undefined ? path : [...path, 'States']
      this.report(where, 'missing `States`: a map of at least one state')
      return
    }
    if (typeof start !== 'string') {
      const where = start === undefined ? path : [...path, 'StartAt']
      this.report(where, 'missing `StartAt`: the name of the first state')
    } else this.checkTarget([...path, 'StartAt'], start, states)
    for (const [name, state] of Object.entries(states)) this.checkState(name, state, states)
    this.checkReach(states)
  }

  private checkState(name: string, state: unknown, states: Fields): void {
    const path = [...this.place.path, 'States', name]
    if (this.names.has(name)) {
      const other = this.names.get(name)!.join('.')
      const message = `there is another state \`${name}\`, at ${other}: a name stands once in a definition`
      this.report(path, message, { at: 'key' })
    }
    this.names.set(name, path)
    if (name.length > LONGEST_NAME) {
      this.report(path, `a name has at most ${LONGEST_NAME} characters`, { at: 'key' })
    }
    if (!isObject(state)) {
      this.report(path, `state \`${name}\` is a map with \`Type\``)
      return
    }
    const type = STATE_TYPES.find((known) => known === state.Type)
    if (type === undefined) {
      const written = typeof state.Type === 'string' ? state.Type : ''
      const known = STATE_TYPES.join(', ')
      const message =
        state.Type === undefined
          ? `state \`${name}\` has no \`Type\`: known are ${known}`
          : `\`${written}\` is no type of state: known are ${known}`
      const where = state.Type === undefined ? path : [...path, 'Type']
      this.report(where, message, {
        at: state.Type === undefined ? 'key' : 'value',
        suggestion: nearest(written, STATE_TYPES),
      })
      return
    }
    const isJsonata =
      state.QueryLanguage === undefined ? this.place.isJsonata : state.QueryLanguage === 'JSONata'
    this.checkFields(path, state, type, isJsonata)
    this.checkFlow(path, name, state, type, states)
    if (isHandling(type)) checkHandling(path, state, isJsonata, this.report)
    if (isHandling(type)) this.checkCatchers(path, state, states)
    checkData(path, state, type, isJsonata, this.report)
    if (type === 'Choice') this.checkChoice(path, state, isJsonata, states)
    if (type === 'Task') this.checkTask(path, state)
    if (type === 'Parallel') this.checkBranches(path, state, isJsonata)
    if (type === 'Map') this.checkMap(path, state, isJsonata)
  }

  /** A field that is nearly right, or that belongs to the other query language. */
  private checkFields(
    path: readonly PathSegment[],
    state: Fields,
    type: StateType,
    isJsonata: boolean,
  ): void {
    const known = fieldsOf(type, isJsonata)
    const foreign = foreignFields(type, isJsonata)
    for (const field of Object.keys(state)) {
      if (known.includes(field)) continue
      if (foreign.includes(field)) {
        const own = isJsonata ? 'JSONata' : 'JSONPath'
        const message = `\`${field}\` has no meaning where QueryLanguage is ${own}`
        this.report([...path, field], message, { at: 'key' })
        continue
      }
      const suggestion = nearest(field, known)
      const message = `a ${type} state has no field \`${field}\``
      this.report([...path, field], message, { at: 'key', suggestion })
    }
  }

  private checkFlow(
    path: readonly PathSegment[],
    name: string,
    state: Fields,
    type: StateType,
    states: Fields,
  ): void {
    if (!isFlowing(type)) return
    const { Next: next, End: end } = state
    if (next !== undefined && end === true) {
      this.report(
        [...path, 'End'],
        `state \`${name}\` has \`Next\` and \`End\`: it has one of them`,
      )
    } else if (next === undefined && end !== true) {
      const message = `state \`${name}\` has no \`Next\`, and no \`"End": true\``
      this.report(path, message, { at: 'key' })
    }
    if (next !== undefined) this.checkTarget([...path, 'Next'], next, states)
  }

  private checkTarget(path: readonly PathSegment[], target: unknown, states: Fields): void {
    if (typeof target === 'string' && Object.hasOwn(states, target)) return
    this.hasUnknownTarget = true
    const known = Object.keys(states)
    const suggestion = typeof target === 'string' ? nearest(target, known) : undefined
    const message = `there is no state \`${String(target)}\` here: known are ${known.join(', ')}`
    this.report(path, message, { suggestion })
  }

  private checkCatchers(path: readonly PathSegment[], state: Fields, states: Fields): void {
    if (!Array.isArray(state.Catch)) return
    for (const [index, catcher] of (state.Catch as unknown[]).entries()) {
      if (!isObject(catcher)) continue
      const where = [...path, 'Catch', index]
      if (catcher.Next === undefined) this.report(where, 'a catcher has a `Next`')
      else this.checkTarget([...where, 'Next'], catcher.Next, states)
    }
  }

  private checkChoice(
    path: readonly PathSegment[],
    state: Fields,
    isJsonata: boolean,
    states: Fields,
  ): void {
    if (state.Default !== undefined) this.checkTarget([...path, 'Default'], state.Default, states)
    if (!Array.isArray(state.Choices) || state.Choices.length === 0) {
      this.report(path, 'a Choice has a list `Choices` of at least one rule', { at: 'key' })
      return
    }
    for (const [index, rule] of (state.Choices as unknown[]).entries()) {
      const where = [...path, 'Choices', index]
      if (!isObject(rule)) {
        this.report(where, 'a rule is a map')
        continue
      }
      checkRules(where, rule, isJsonata, this.report)
      if (rule.Next === undefined) this.report(where, 'a rule has a `Next`')
      else this.checkTarget([...where, 'Next'], rule.Next, states)
    }
  }

  private checkTask(path: readonly PathSegment[], state: Fields): void {
    const { Resource: resource } = state
    if (typeof resource !== 'string' || resource === '') {
      this.report(path, 'a Task has a `Resource`: the ARN of what it calls', { at: 'key' })
      return
    }
    const pattern = callOf(resource, undefined)?.pattern ?? 'request-response'
    const isOwnJob = resource.includes(':states:startExecution.sync')
    if (this.context.isExpress && (pattern !== 'request-response' || isOwnJob)) {
      const message =
        'an EXPRESS workflow waits for no job, no callback and no activity (.sync, .waitForTaskToken)'
      this.report([...path, 'Resource'], message)
    }
  }

  private checkBranches(path: readonly PathSegment[], state: Fields, isJsonata: boolean): void {
    if (!Array.isArray(state.Branches) || state.Branches.length === 0) {
      this.report(path, 'a Parallel has a list `Branches` of at least one branch', { at: 'key' })
      return
    }
    for (const [index, branch] of (state.Branches as unknown[]).entries()) {
      this.inner([...path, 'Branches', index], branch, isJsonata, 'a branch')
    }
  }

  private checkMap(path: readonly PathSegment[], state: Fields, isJsonata: boolean): void {
    const key = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor'
    if (state[key] === undefined) {
      this.report(path, 'a Map has an `ItemProcessor`', { at: 'key' })
      return
    }
    const processor = state[key]
    this.inner([...path, key], processor, isJsonata, 'an ItemProcessor')
    const config = isObject(processor) ? processor.ProcessorConfig : undefined
    if (!isObject(config)) return
    const { Mode: mode, ExecutionType: executionType } = config
    const where = [...path, key, 'ProcessorConfig']
    if (mode !== undefined && mode !== 'INLINE' && mode !== 'DISTRIBUTED') {
      this.report([...where, 'Mode'], 'Mode is INLINE or DISTRIBUTED')
    }
    if (mode !== 'DISTRIBUTED') return
    if (executionType !== 'STANDARD' && executionType !== 'EXPRESS') {
      const message = 'a distributed Map has an `ExecutionType`: STANDARD or EXPRESS'
      this.report(executionType === undefined ? where : [...where, 'ExecutionType'], message)
    }
    if (this.context.isExpress) {
      this.report([...where, 'Mode'], 'an EXPRESS workflow has no distributed Map')
    }
  }

  private inner(
    path: readonly PathSegment[],
    flow: unknown,
    isJsonata: boolean,
    what: string,
  ): void {
    if (!isObject(flow)) {
      this.report(path, `${what} is a map with \`StartAt\` and \`States\``)
      return
    }
    const own = flow.QueryLanguage === undefined ? isJsonata : flow.QueryLanguage === 'JSONata'
    new FlowCheck({ path, flow, isJsonata: own }, this.context, this.report, this.names).check()
  }

  private checkReach(states: Fields): void {
    const { flow, path } = this.place
    const reached = new Set<string>()
    const queue = [String(flow.StartAt)]
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      const state = states[name]
      if (reached.has(name) || !isObject(state)) continue
      reached.add(name)
      queue.push(...targetsOf(state))
    }
    // A name that is wrong says enough.
    if (this.hasUnknownTarget) return
    for (const name of Object.keys(states)) {
      if (reached.has(name)) continue
      const message = `nothing leads to state \`${name}\` (AWS refuses a state that is not reached)`
      this.report([...path, 'States', name], message, { at: 'key' })
    }
  }
}

/** Where a state may go. */
export function targetsOf(state: Fields): readonly string[] {
  const listed = (key: string): string[] =>
    Array.isArray(state[key])
      ? (state[key] as unknown[]).flatMap((entry) =>
          isObject(entry) && typeof entry.Next === 'string' ? [entry.Next] : [],
        )
      : []
  const single = [state.Next, state.Default].filter(
    (target): target is string => typeof target === 'string',
  )
  return [...single, ...listed('Choices'), ...listed('Catch')]
}

export function isWhole(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}
