/**
 * From a definition to the program that the engine runs: follows its data from state to state. One
 * state has a node for each different document that it is entered with, and as a rule that is one:
 * the unknown one.
 */
import type {
  Catcher,
  DistributedMap,
  Outcome,
  ProgramNode,
  Retrier,
  StateMachineProgram,
  TaskSite,
  WaitNode,
} from '../../model/workflow/program.ts'
import { END } from '../../model/workflow/program.ts'
import type { PathSegment } from '../diagnostics.ts'
import { truthOf } from './choice-rules.ts'
import { PathFault, readPath } from './json-path.ts'
import { canonical, copied, type Fields, isObject, UNKNOWN, withField } from './known.ts'
import { type Resolution, resolveCall } from './resolve-call.ts'
import { callOf, functionCall } from './resource.ts'
import { type StatedOutcome, type Steering, statesIn } from './steering.ts'
import { type Evaluation, fill, placed, selected, textValue } from './templates.ts'

/** Situations that data may lead to before the definition is better steered by shares. */
const MOST_NODES = 20_000
/** Items whose own data is followed. */
const MOST_ITEMS = 1_000

const US_PER_SECOND = 1_000_000

type Variables = Readonly<Record<string, unknown>>

/** Where a problem stands in the definition. */
export type ReportState = (
  path: readonly PathSegment[],
  message: string,
  at?: 'key' | 'value',
) => void

interface FlowResult {
  readonly start: number
  /** The documents that it may end with. */
  readonly outputs: ReadonlyMap<string, unknown>
}

/** A state in a situation. */
interface Situation {
  readonly name: string
  readonly state: Fields
  readonly path: readonly PathSegment[]
  readonly flow: FlowContext
  readonly input: unknown
  readonly variables: Variables
  readonly isJsonata: boolean
  readonly evaluation: Evaluation
}

interface FlowContext {
  readonly states: Fields
  readonly path: readonly PathSegment[]
  readonly isJsonata: boolean
  readonly context: Fields
  readonly ids: Map<string, number>
  readonly queue: (readonly [number, string, unknown, Variables])[]
  readonly outputs: Map<string, unknown>
}

/** After the state: where to, with which document and variables. */
interface Exit {
  readonly next: number
  readonly error: string | null
}

export async function expand(
  definition: Fields,
  steering: Steering,
  report: ReportState,
): Promise<StateMachineProgram> {
  const expansion = new Expansion(definition, steering, report)
  return expansion.program()
}

class Expansion {
  private readonly definition: Fields
  private readonly steering: Steering
  private readonly report: ReportState
  private readonly names: readonly string[]
  private readonly nodes: (ProgramNode | null)[] = []
  private readonly sites: TaskSite[] = []
  private readonly siteIndexes = new Map<string, number>()
  private readonly warnings = new Set<string>()
  private readonly told = new Set<string>()

  constructor(definition: Fields, steering: Steering, report: ReportState) {
    this.definition = definition
    this.steering = steering
    this.report = report
    this.names = [...statesIn(definition).keys()]
  }

  async program(): Promise<StateMachineProgram> {
    const { definition, steering } = this
    const context: Fields = {
      Execution: copied({ Input: steering.input, Id: UNKNOWN, Name: UNKNOWN, StartTime: UNKNOWN }),
      StateMachine: { Id: UNKNOWN, Name: UNKNOWN },
    }
    const isJsonata = definition.QueryLanguage === 'JSONata'
    const { start } = await this.expandFlow(definition, [], isJsonata, steering.input, {}, context)
    const timeout = definition.TimeoutSeconds
    return {
      states: this.names,
      nodes: this.nodes as ProgramNode[],
      sites: this.sites,
      start,
      timeoutUs: typeof timeout === 'number' ? timeout * US_PER_SECOND : null,
      warnings: [...this.warnings],
    }
  }

  private async expandFlow(
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
    }
    const start = this.goTo(place, String(flow.StartAt), input, variables)
    for (let next = place.queue.pop(); next !== undefined; next = place.queue.pop()) {
      const [id, name, document, known] = next
      if (this.nodes.length > MOST_NODES) {
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
  private goTo(flow: FlowContext, name: string, input: unknown, variables: Variables): number {
    const key = `${name}\n${canonical(input)}\n${canonical(variables)}`
    const known = flow.ids.get(key)
    if (known !== undefined) return known
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
    const context: Fields = {
      ...flow.context,
      State: { Name: name, EnteredTime: UNKNOWN, RetryCount: 0 },
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
        return this.buildPass(place, index)
      case 'Choice':
        return this.buildChoice(place, index)
      case 'Wait':
        return this.buildWait(place, index)
      case 'Succeed':
        return this.buildSucceed(place, index)
      case 'Fail':
        return this.buildFail(place, index)
      case 'Parallel':
        return this.buildParallel(place, index)
      case 'Map':
        return this.buildMap(place, index)
      default:
        return this.buildTask(place, index)
    }
  }

  /** Its data cannot be computed, so that the execution fails there. */
  private async failing(place: Situation, fault: PathFault): Promise<ProgramNode> {
    const { name, isJsonata } = place
    const error = isJsonata ? 'States.QueryEvaluationError' : 'States.Runtime'
    this.warnings.add(`state ${name} fails with ${error}: ${fault.message}`)
    const handling = await this.handling(place)
    return { kind: 'fail', state: this.names.indexOf(name), error, ...handling }
  }

  private async buildPass(place: Situation, state: number): Promise<ProgramNode> {
    const { isJsonata, evaluation } = place
    const own = place.state
    if (isJsonata) {
      return { kind: 'pass', state, next: (await this.exit(place, place.input, own)).next }
    }
    const input = selected(own.InputPath, evaluation)
    const scope = { ...evaluation, input }
    const result =
      own.Parameters !== undefined
        ? await fill(own.Parameters, scope)
        : own.Result === undefined
          ? input
          : own.Result
    return { kind: 'pass', state, next: (await this.exit(place, result, own)).next }
  }

  private async buildSucceed(place: Situation, state: number): Promise<ProgramNode> {
    const output = await this.outputOf(place, place.input, place.state, {})
    place.flow.outputs.set(canonical(output), output)
    return { kind: 'succeed', state }
  }

  private async buildFail(place: Situation, state: number): Promise<ProgramNode> {
    const { evaluation, isJsonata } = place
    const { Error: error, ErrorPath: errorPath } = place.state
    let name: unknown = error ?? ''
    if (errorPath !== undefined) name = readPath(String(errorPath), evaluation)
    else if (isJsonata && typeof error === 'string') name = await textValue(error, evaluation)
    const text = typeof name === 'string' ? name : 'Error'
    return { kind: 'fail', state, error: text, retriers: [], catchers: [] }
  }

  private async buildChoice(place: Situation, state: number): Promise<ProgramNode> {
    const { name, evaluation, isJsonata } = place
    const own = place.state
    const rules = own.Choices as readonly Fields[]
    const goBy = async (rule: Fields, target: string): Promise<number> => {
      const merged: Fields = { ...own, Next: target }
      for (const key of ['Output', 'Assign']) {
        if (rule[key] !== undefined) merged[key] = rule[key]
        else if (rule !== own) delete merged[key]
      }
      return (await this.exit(place, place.input, merged)).next
    }
    const stated = this.steering.choices[name]
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
        ? await this.condition(rule.Condition, evaluation)
        : truthOf(rule, { ...evaluation, input })
      if (truth === null) {
        this.tellUnknownChoice(place, rules)
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
    this.warnings.add(`state ${name} fails with States.NoChoiceMatched: no rule is true`)
    return { kind: 'fail', state, error: 'States.NoChoiceMatched', retriers: [], catchers: [] }
  }

  private async condition(condition: unknown, evaluation: Evaluation): Promise<boolean | null> {
    if (typeof condition === 'boolean') return condition
    const value = await textValue(String(condition), evaluation)
    return value === UNKNOWN ? null : Boolean(value)
  }

  private tellUnknownChoice({ name, state, path }: Situation, rules: readonly Fields[]): void {
    const targets = [...new Set(rules.map(({ Next: next }) => String(next)))]
    const shown = targets.slice(0, 3).map((target) => `${written(target)}: 50%`)
    const rest = state.Default === undefined ? '' : `; the rest goes to ${String(state.Default)}`
    const message = `where \`${name}\` goes depends on data that is not known: state \`choices: { ${written(name)}: { ${shown.join(', ')} } }\`${rest}`
    this.tell(path, message, 'key')
  }

  private async buildWait(place: Situation, state: number): Promise<ProgramNode> {
    const { name, path, evaluation, isJsonata } = place
    const own = place.state
    const { next } = await this.exit(place, place.input, own)
    const node: WaitNode = { kind: 'wait', state, next, lengthUs: null, untilMs: null }
    if (this.steering.durations.has(name)) return node
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
      const message = `how long \`${name}\` waits depends on data that is not known: state \`durations: { ${written(name)}: 10s }\``
      this.tell(path, message, 'key')
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

  private async buildTask(place: Situation, state: number): Promise<ProgramNode> {
    const { name, path, evaluation, isJsonata } = place
    const own = place.state
    const payload = await this.payload(place)
    const resource = String(own.Resource)
    const call = callOf(resource, payload) ?? functionCall(resource)
    const resolution = resolveCall(call, name, this.steering)
    if (!resolution.ok) {
      const where = call.argument === 'Resource' ? [...path, 'Resource'] : path
      this.tell(where, resolution.message, where === path ? 'key' : 'value')
    }
    const handling = await this.handling(place)
    const outcomes: Outcome[] = []
    let sum = 0
    for (const stated of this.steering.results[name] ?? [SUCCESS]) {
      sum += stated.share
      const exit =
        stated.error !== null || stated.isNever
          ? { next: END, error: stated.error }
          : await this.exit(place, resultOf(resource, stated.value), own)
      outcomes.push({ upTo: sum, isNever: stated.isNever, ...exit })
    }
    const seconds = async (key: string): Promise<number | null> => {
      const given =
        own[`${key}Path`] === undefined
          ? typeof own[key] === 'string' && isJsonata
            ? await textValue(own[key], evaluation)
            : own[key]
          : readPath(String(own[`${key}Path`]), evaluation)
      if (given === UNKNOWN) {
        this.warnings.add(
          `state ${name}: ${key} depends on data that is not known, so that there is none`,
        )
      }
      return typeof given === 'number' ? given * US_PER_SECOND : null
    }
    return {
      kind: 'task',
      state,
      site: this.siteOf(state, resolution),
      timeoutUs: await seconds('TimeoutSeconds'),
      heartbeatUs: await seconds('HeartbeatSeconds'),
      outcomes,
      ...handling,
    }
  }

  private siteOf(state: number, resolution: Resolution): number {
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

  private async buildParallel(place: Situation, state: number): Promise<ProgramNode> {
    const { path, flow, isJsonata, variables } = place
    const input = await this.payload(place)
    const branches: number[] = []
    const results: unknown[] = []
    for (const [index, branch] of (place.state.Branches as readonly Fields[]).entries()) {
      const inner = [...path, 'Branches', index]
      const { start, outputs } = await this.expandFlow(
        branch,
        inner,
        isJsonata,
        input,
        variables,
        flow.context,
      )
      branches.push(start)
      results.push(onlyOne(outputs))
    }
    const { next, error } = await this.exit(place, results, place.state)
    if (error !== null) this.warnings.add(`state ${place.name} fails with ${error} at its end`)
    return { kind: 'parallel', state, branches, next, ...(await this.handling(place)) }
  }

  private async buildMap(place: Situation, state: number): Promise<ProgramNode> {
    const { name, path, flow, variables } = place
    const own = place.state
    const key = own.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor'
    const processor = own[key] as Fields
    const items = await this.itemsOf(place)
    const isFollowed = items !== null && items.length <= MOST_ITEMS && own.ItemBatcher === undefined
    const documents = isFollowed ? items : [UNKNOWN]
    const starts: number[] = []
    const results: unknown[] = []
    const byItem = new Map<string, FlowResult>()
    for (const [index, item] of documents.entries()) {
      const context: Fields = {
        ...flow.context,
        Map: { Item: { Index: isFollowed ? index : UNKNOWN, Value: item } },
      }
      const document = await this.itemInput(place, item, context)
      const usesContext = JSON.stringify(processor).includes('Map.Item')
      const identity = `${canonical(document)}${usesContext ? canonical(context) : ''}`
      let result = byItem.get(identity)
      if (result === undefined) {
        const inner = [...path, key]
        result = await this.expandFlow(
          processor,
          inner,
          place.isJsonata,
          document,
          variables,
          context,
        )
        byItem.set(identity, result)
      }
      starts.push(result.start)
      results.push(onlyOne(result.outputs))
    }
    const result = isFollowed && own.ResultWriter === undefined ? results : UNKNOWN
    const { next } = await this.exit(place, result, own)
    const isOne = byItem.size === 1
    return {
      kind: 'map',
      state,
      items: isOne ? starts.slice(0, 1) : starts,
      count: this.steering.items.has(name) ? null : (items?.length ?? null),
      maxConcurrency: (await this.number(place, 'MaxConcurrency')) ?? 0,
      next,
      distributed: await this.distributed(place, processor),
      ...(await this.handling(place)),
    }
  }

  /** null: as many as the scenario states. */
  private async itemsOf(place: Situation): Promise<readonly unknown[] | null> {
    const { name, path, evaluation, isJsonata } = place
    const own = place.state
    if (this.steering.items.has(name)) return null
    let items: unknown = UNKNOWN
    if (own.ItemReader === undefined) {
      if (!isJsonata) {
        const input = selected(own.InputPath, evaluation)
        items = readPath(String(own.ItemsPath ?? '$'), { ...evaluation, input })
      } else if (own.Items === undefined) items = place.input
      else items = await fill(own.Items, evaluation)
    }
    if (Array.isArray(items)) return items as readonly unknown[]
    if (items !== UNKNOWN) throw new PathFault('what a Map goes through is no array')
    const message = `how many items \`${name}\` has depends on data that is not known: state \`items: { ${written(name)}: 10 }\``
    this.tell(path, message, 'key')
    return null
  }

  private async itemInput(place: Situation, item: unknown, context: Fields): Promise<unknown> {
    const { evaluation, isJsonata } = place
    const own = place.state
    if (own.ItemBatcher !== undefined) return { Items: UNKNOWN }
    const template = own.ItemSelector ?? (isJsonata ? undefined : own.Parameters)
    if (template === undefined) return item
    const input = isJsonata ? place.input : selected(own.InputPath, evaluation)
    return fill(template, { ...evaluation, input, context })
  }

  private async distributed(place: Situation, processor: Fields): Promise<DistributedMap | null> {
    const config = isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : {}
    if (config.Mode !== 'DISTRIBUTED') return null
    const batcher = isObject(place.state.ItemBatcher) ? place.state.ItemBatcher : {}
    const size = batcher.MaxItemsPerBatch
    const percentage = await this.number(place, 'ToleratedFailurePercentage')
    if (place.state.ItemBatcher !== undefined && typeof size !== 'number') {
      this.warnings.add(
        `state ${place.name}: batches without a MaxItemsPerBatch are taken to hold one item each`,
      )
    }
    return {
      isExpress: config.ExecutionType === 'EXPRESS',
      itemsPerBatch: typeof size === 'number' ? Math.max(1, size) : 1,
      toleratedCount: await this.number(place, 'ToleratedFailureCount'),
      toleratedShare: percentage === null ? null : percentage / 100,
    }
  }

  /** A number that the state, a path or an expression gives; null: none. */
  private async number(place: Situation, key: string): Promise<number | null> {
    const { evaluation, isJsonata, name } = place
    const own = place.state
    let given: unknown = own[key]
    if (own[`${key}Path`] !== undefined) given = readPath(String(own[`${key}Path`]), evaluation)
    else if (isJsonata && typeof given === 'string') given = await textValue(given, evaluation)
    if (given === UNKNOWN) {
      this.warnings.add(
        `state ${name}: ${key} depends on data that is not known, so that there is none`,
      )
    }
    return typeof given === 'number' ? given : null
  }

  private async payload({ state, evaluation, input, isJsonata }: Situation): Promise<unknown> {
    if (isJsonata) return state.Arguments === undefined ? input : fill(state.Arguments, evaluation)
    const effective = selected(state.InputPath, evaluation)
    const scope = { ...evaluation, input: effective }
    return state.Parameters === undefined ? effective : fill(state.Parameters, scope)
  }

  private async handling(
    place: Situation,
  ): Promise<{ retriers: readonly Retrier[]; catchers: readonly Catcher[] }> {
    const { state, input, isJsonata, evaluation, flow } = place
    const listed = (key: string) => (Array.isArray(state[key]) ? (state[key] as Fields[]) : [])
    const catchers: Catcher[] = []
    for (const catcher of listed('Catch')) {
      const errorEquals = catcher.ErrorEquals as readonly string[]
      const errorOutput = { Error: onlyName(errorEquals), Cause: UNKNOWN }
      const scope = { ...evaluation, errorOutput }
      const output = isJsonata
        ? catcher.Output === undefined
          ? errorOutput
          : await fill(catcher.Output, scope)
        : placed(catcher.ResultPath, input, errorOutput)
      const assigned = isJsonata ? scope : { ...evaluation, input: errorOutput }
      const variables = await this.assigned(place, catcher.Assign, assigned)
      catchers.push({ errorEquals, next: this.goTo(flow, String(catcher.Next), output, variables) })
    }
    return { retriers: listed('Retry').map(retrierOf), catchers }
  }

  /** Where the state goes on to with a result; an error where the result does not fit. */
  private async exit(place: Situation, result: unknown, state: Fields): Promise<Exit> {
    const { flow, name, isJsonata } = place
    try {
      const extra = isJsonata && state.Type !== 'Choice' ? { result } : {}
      const output = await this.outputOf(place, result, state, extra)
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
      if (state.Type !== 'Task' && state.Type !== 'Parallel') throw fault
      const error = isJsonata ? 'States.QueryEvaluationError' : 'States.ResultPathMatchFailure'
      this.warnings.add(`state ${name} fails with ${error} at its end: ${fault.message}`)
      return { next: END, error }
    }
  }

  private async outputOf(
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

  private async assigned(
    { variables }: Situation,
    assign: unknown,
    scope: Evaluation,
  ): Promise<Variables> {
    if (!isObject(assign)) return variables
    const values = await fill(assign, scope)
    return { ...variables, ...(values as Variables) }
  }

  private tell(path: readonly PathSegment[], message: string, at: 'key' | 'value'): void {
    const key = `${path.join('.')}\n${message}`
    if (this.told.has(key)) return
    this.told.add(key)
    this.report(path, message, at)
  }
}

const SUCCESS: StatedOutcome = { share: 1, value: UNKNOWN, error: null, isNever: false }

/** What lambda:invoke answers wraps what the function returns. */
function resultOf(resource: string, value: unknown): unknown {
  if (!/:lambda:invoke$/i.test(resource)) return value
  return withField(withField(UNKNOWN, 'Payload', value), 'StatusCode', 200)
}

/** A key as YAML wants it. */
function written(name: string): string {
  return /^[A-Za-z][\w -]*$/.test(name) ? name : JSON.stringify(name)
}

function onlyOne(outputs: ReadonlyMap<string, unknown>): unknown {
  return outputs.size === 1 ? [...outputs.values()][0] : UNKNOWN
}

function onlyName(errorEquals: readonly string[]): unknown {
  const [name = '', second] = errorEquals
  const isGroup = name === 'States.ALL' || name === 'States.TaskFailed' || name === 'States.Timeout'
  return second !== undefined || isGroup ? UNKNOWN : name
}

/** Source of the defaults: Step Functions developer guide, "Retrying after an error". */
function retrierOf(retrier: Fields): Retrier {
  const number = (key: string, fallback: number): number =>
    typeof retrier[key] === 'number' ? retrier[key] : fallback
  const longest = retrier.MaxDelaySeconds
  return {
    errorEquals: retrier.ErrorEquals as readonly string[],
    intervalUs: number('IntervalSeconds', 1) * US_PER_SECOND,
    maxAttempts: number('MaxAttempts', 3),
    backoffRate: number('BackoffRate', 2),
    maxDelayUs: typeof longest === 'number' ? longest * US_PER_SECOND : null,
    isJittered: retrier.JitterStrategy === 'FULL',
  }
}
