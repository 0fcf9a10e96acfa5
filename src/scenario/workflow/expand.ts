/**
 * From a definition to the program that the engine runs: follows its data from state to state. One
 * state has a node for each different document that it is entered with, and as a rule that is one:
 * the unknown one.
 */
import type { ProgramNode, StateMachineProgram, TaskSite } from '../../model/workflow/program.ts'
import { END } from '../../model/workflow/program.ts'
import type { PathSegment } from '../diagnostics.ts'
import { buildMap, buildParallel } from './build-forks.ts'
import { buildChoice, buildFail, buildPass, buildSucceed, buildWait } from './build-states.ts'
import { buildTask } from './build-task.ts'
import { errorOf, handlingOf } from './handling.ts'
import { PathFault } from './json-path.ts'
import { canonical, type Fields, isObject, UNKNOWN } from './known.ts'
import type { Lack } from './lacks.ts'
import type { Resolution } from './resolve-call.ts'
import {
  type Exit,
  type Expander,
  executionContext,
  type FlowContext,
  type FlowResult,
  type Situation,
  US_PER_SECOND,
  type Variables,
} from './situation.ts'
import { checkSize } from './size-limit.ts'
import { type Steering, statesIn } from './steering.ts'
import { type Evaluation, fill, placed, selected } from './templates.ts'
import { Widening } from './widening.ts'

/** Situations that data may lead to before the definition is better steered by shares. */
const MOST_NODES = 20_000
/** Where a problem stands in the definition. */
export type ReportState = Expander['tell']

export async function expand(
  definition: Fields,
  steering: Steering,
  report: ReportState,
): Promise<StateMachineProgram> {
  let expansion = new Expansion(definition, steering, false)
  let program: StateMachineProgram
  try {
    program = await expansion.program()
  } catch (fault) {
    if (!(fault instanceof TooManySituations)) throw fault
    expansion = new Expansion(definition, steering, true)
    program = await expansion.program()
  }
  for (const told of expansion.told.values()) report(...told)
  return program
}

/** More than are told apart. */
class TooManySituations extends Error {}

class Expansion implements Expander {
  readonly steering: Steering
  private readonly definition: Fields
  /** What differs between many situations of a state counts as unknown. */
  private readonly isWidening: boolean
  private readonly names: readonly string[]
  private readonly nodes: (ProgramNode | null)[] = []
  private readonly sites: TaskSite[] = []
  private readonly siteIndexes = new Map<string, number>()
  private readonly warnings = new Set<string>()
  readonly told = new Map<string, Parameters<ReportState>>()

  constructor(definition: Fields, steering: Steering, isWidening: boolean) {
    this.definition = definition
    this.steering = steering
    this.isWidening = isWidening
    this.names = [...statesIn(definition).keys()]
  }

  async program(): Promise<StateMachineProgram> {
    const { definition, steering } = this
    const isJsonata = definition.QueryLanguage === 'JSONata'
    const starts: { upTo: number; next: number }[] = []
    let upTo = 0
    for (const { share, value } of steering.inputs) {
      const context: Fields = {
        Execution: executionContext(value),
        StateMachine: { Id: steering.machine, Name: steering.machine },
      }
      const { start } = await this.expandFlow(definition, [], isJsonata, value, {}, context)
      upTo += share
      starts.push({ upTo, next: start })
    }
    const timeout = definition.TimeoutSeconds
    return {
      states: this.names,
      nodes: this.nodes as ProgramNode[],
      sites: this.sites,
      starts,
      timeoutUs: typeof timeout === 'number' ? timeout * US_PER_SECOND : null,
      warnings: [...this.warnings],
    }
  }

  async expandFlow(
    flow: Fields,
    path: readonly PathSegment[],
    outer: boolean,
    input: unknown,
    variables: Variables,
    context: Fields,
  ): Promise<FlowResult> {
    const language = flow.QueryLanguage
    const place: FlowContext = {
      states: flow.States as Fields,
      path: [...path, 'States'],
      isJsonata: language === undefined ? outer : language === 'JSONata',
      context,
      ids: new Map(),
      queue: [],
      outputs: new Map(),
      widening: this.isWidening ? new Widening() : null,
    }
    const start = this.goTo(place, String(flow.StartAt), input, variables)
    for (let next = place.queue.pop(); next !== undefined; next = place.queue.pop()) {
      const [id, name, document, known] = next
      if (this.nodes.length > MOST_NODES) {
        if (!this.isWidening) throw new TooManySituations()
        const message = `the data leads to more than ${MOST_NODES} situations: state \`choices\` and \`items\`, or no \`input\``
        this.tell([...place.path, name], message, 'key')
        this.nodes[id] = { kind: 'fail', state: 0, error: '', retriers: [], catchers: [] }
        continue
      }
      this.nodes[id] = await this.build(place, name, document, known)
    }
    return { start, outputs: place.outputs }
  }

  /** The node of a state in a situation; it is built later. */
  goTo(flow: FlowContext, name: string, document: unknown, known: Variables): number {
    const widest = flow.widening?.enter(name, document, known)
    if (widest !== undefined) {
      this.warn(
        `state ${name} is entered with ever new data: what differs between the rounds counts as unknown after the first ones`,
      )
    }
    const { input, variables } = widest ?? { input: document, variables: known }
    const key = `${name}\n${canonical(input)}\n${canonical(variables)}`
    const found = flow.ids.get(key)
    if (found !== undefined) return found
    const id = this.nodes.push(null) - 1
    flow.ids.set(key, id)
    flow.queue.push([id, name, input, variables])
    return id
  }

  private async build(
    flow: FlowContext,
    name: string,
    input: unknown,
    variables: Variables,
  ): Promise<ProgramNode> {
    const state = flow.states[name] as Fields
    const isJsonata =
      state.QueryLanguage === undefined ? flow.isJsonata : state.QueryLanguage === 'JSONata'
    const retryCount = Array.isArray(state.Retry) ? UNKNOWN : 0
    const context: Fields = {
      ...flow.context,
      State: { Name: name, EnteredTime: UNKNOWN, RetryCount: retryCount },
      Task: { Token: UNKNOWN },
    }
    const evaluation = { input, context, variables, isJsonata }
    const path = [...flow.path, name]
    const place = { name, state, path, flow, input, variables, isJsonata, evaluation }
    try {
      return await this.buildOf(place)
    } catch (fault) {
      if (!(fault instanceof PathFault)) throw fault
      return this.failing(place, fault)
    }
  }

  private buildOf(place: Situation): Promise<ProgramNode> {
    const { name, state } = place
    const index = this.names.indexOf(name)
    switch (state.Type) {
      case 'Pass':
        return buildPass(this, place, index)
      case 'Choice':
        return buildChoice(this, place, index)
      case 'Wait':
        return buildWait(this, place, index)
      case 'Succeed':
        return buildSucceed(this, place, index)
      case 'Fail':
        return buildFail(place, index)
      case 'Parallel':
        return buildParallel(this, place, index)
      case 'Map':
        return buildMap(this, place, index)
      default:
        return buildTask(this, place, index)
    }
  }

  /** Its data cannot be computed, so that the execution fails there. */
  private async failing(place: Situation, fault: PathFault): Promise<ProgramNode> {
    const { name } = place
    const error = errorOf(fault, place)
    this.warn(`state ${name} fails with ${error}: ${fault.message}`)
    const handling = await handlingOf(this, place)
    return { kind: 'fail', state: this.names.indexOf(name), error, ...handling }
  }

  siteOf(state: number, resolution: Resolution): number {
    const site: TaskSite = {
      state,
      work: resolution.ok ? resolution.work : { kind: 'stated' },
      service: resolution.service,
      pattern: resolution.pattern,
    }
    const key = canonical(site)
    const known = this.siteIndexes.get(key)
    if (known !== undefined) return known
    const index = this.sites.push(site) - 1
    this.siteIndexes.set(key, index)
    return index
  }

  async payload({ state, evaluation, input, isJsonata }: Situation): Promise<unknown> {
    if (isJsonata) return state.Arguments === undefined ? input : fill(state.Arguments, evaluation)
    const effective = selected(state.InputPath, evaluation)
    const scope = { ...evaluation, input: effective }
    return state.Parameters === undefined ? effective : fill(state.Parameters, scope)
  }

  failure(place: Situation, error: string): number {
    const state = this.names.indexOf(place.name)
    return this.nodes.push({ kind: 'fail', state, error, retriers: [], catchers: [] }) - 1
  }

  /** Where the state goes on to with a result; an error where the result does not fit. */
  async exit(place: Situation, result: unknown, state: Fields): Promise<Exit> {
    const { flow, name, isJsonata } = place
    try {
      const extra = isJsonata && state.Type !== 'Choice' ? { result } : {}
      const output = await this.outputOf(place, result, state, extra)
      checkSize(output, 'its output')
      const scope = isJsonata
        ? { ...place.evaluation, ...extra }
        : { ...place.evaluation, input: result }
      const variables = await this.assigned(place, state.Assign, scope)
      if (state.Next === undefined) {
        flow.outputs.set(canonical(output), output)
        return { next: END, error: null }
      }
      return { next: this.goTo(flow, String(state.Next), output, variables), error: null }
    } catch (fault) {
      if (!(fault instanceof PathFault)) throw fault
      if (!ENDING_LATER.includes(String(state.Type))) throw fault
      const error = errorOf(fault, place)
      this.warn(`state ${name} fails with ${error} at its end: ${fault.message}`)
      return { next: END, error }
    }
  }

  async outputOf(
    place: Situation,
    result: unknown,
    state: Fields,
    extra: { readonly result?: unknown },
  ): Promise<unknown> {
    const { evaluation, input, isJsonata } = place
    if (isJsonata) {
      return state.Output === undefined ? result : fill(state.Output, { ...evaluation, ...extra })
    }
    const shaped =
      state.ResultSelector === undefined
        ? result
        : await fill(state.ResultSelector, { ...evaluation, input: result })
    const isSelecting = state.Type === 'Choice' || state.Type === 'Wait' || state.Type === 'Succeed'
    const combined = isSelecting
      ? selected(state.InputPath, { ...evaluation, input })
      : placed(state.ResultPath, input, shaped)
    return selected(state.OutputPath, { ...evaluation, input: combined })
  }

  async assigned({ variables }: Situation, assign: unknown, scope: Evaluation): Promise<Variables> {
    if (!isObject(assign)) return variables
    const values = await fill(assign, scope)
    return { ...variables, ...(values as Variables) }
  }

  warn(text: string): void {
    this.warnings.add(text)
  }

  tell(
    path: readonly PathSegment[],
    message: string,
    at: 'key' | 'value',
    ...lacks: readonly Lack[]
  ): void {
    const key = `${path.join('.')}\n${message}`
    if (!this.told.has(key)) this.told.set(key, [path, message, at, ...lacks])
  }
}

/** What their result leads to is only known when they are over. */
const ENDING_LATER = ['Task', 'Parallel', 'Map']
