/**
 * Reads the definitions that `stateMachines` names, before anything is validated: what they call is
 * part of the scenario as its own keys are.
 */
import type { z } from 'zod'
import type { ScenarioFiles } from '../../kernel/files.ts'
import { createDistribution, type DistributionChoice } from '../../model/distributions/index.ts'
import { NO_DEFINITION, WorkflowDefinition } from '../../model/workflow/config.ts'
import { stateMachineSchema } from '../../model/workflow/index.ts'
import { LARGEST_DOCUMENT_BYTES } from '../../model/workflow/limits.ts'
import { SECTIONS } from '../../model/world.ts'
import type { Diagnostic, PathSegment, Problem } from '../diagnostics.ts'
import { parseScenarioText, type SourceDocument, type TextSort } from '../parse.ts'
import { isMap, valueAt } from '../schema-walk.ts'
import { checkDefinition } from './check-definition.ts'
import { checkUses } from './check-uses.ts'
import { expand } from './expand.ts'
import { type Fields, UNKNOWN } from './known.ts'
import { type Lack, linesFor, stated } from './lacks.ts'
import { meanTransitions, referencesOf } from './mean-calls.ts'
import { documentBytes } from './size-limit.ts'
import { checkChoices, checkSteering, outcomesOf, type Steering, statesIn } from './steering.ts'
import { placeholdersIn, quotedPlaceholders, substituted, TEMPLATE_TAGS } from './substitutions.ts'

type Value = Readonly<Record<string, unknown>>

const DEFINITION_TEXT: TextSort = {
  noun: 'a definition',
  keys: '`StartAt` and `States`',
  tags: TEMPLATE_TAGS,
}

export interface ReadWorkflows {
  /** The scenario with programs in place of definitions. */
  readonly value: Value
  /** The same with the text of the definitions: what the digest is of. */
  readonly told: Value
  /** In the scenario. */
  readonly problems: readonly Problem[]
  /** In files that the scenario names. */
  readonly diagnostics: readonly Diagnostic[]
}

export async function readWorkflows(value: Value, files: ScenarioFiles): Promise<ReadWorkflows> {
  const machines = value.stateMachines
  if (!isMap(machines)) return { value, told: value, problems: [], diagnostics: [] }
  const problems: Problem[] = []
  const diagnostics: Diagnostic[] = []
  const compiled: Record<string, unknown> = {}
  const told: Record<string, unknown> = {}
  for (const [name, machine] of Object.entries(machines)) {
    if (!isMap(machine)) {
      compiled[name] = machine
      continue
    }
    const read = await new WorkflowReader(name, machine, value, files).read()
    problems.push(...read.problems)
    diagnostics.push(...read.diagnostics)
    const { definition: _, definitionUri: __, ...others } = machine
    compiled[name] = { ...others, definition: read.definition }
    told[name] = { ...others, definition: read.written }
  }
  return {
    value: { ...value, stateMachines: compiled },
    told: { ...value, stateMachines: told },
    problems,
    diagnostics,
  }
}

interface Read {
  readonly definition: WorkflowDefinition
  /** As it stands there. */
  readonly written: unknown
  readonly problems: readonly Problem[]
  readonly diagnostics: readonly Diagnostic[]
}

class WorkflowReader {
  private readonly name: string
  private readonly machine: Value
  private readonly scenario: Value
  private readonly files: ScenarioFiles
  private readonly problems: Problem[] = []
  private readonly diagnostics: Diagnostic[] = []
  private source: SourceDocument | null = null
  /** Which of the two keys holds the definition. */
  private key = 'definition'

  constructor(name: string, machine: Value, scenario: Value, files: ScenarioFiles) {
    this.name = name
    this.machine = machine
    this.scenario = scenario
    this.files = files
  }

  async read(): Promise<Read> {
    const written = await this.written()
    const definition = written === undefined ? NO_DEFINITION : await this.compiled(written)
    const { problems, diagnostics } = this
    return { definition, written, problems, diagnostics }
  }

  /** The definition as a value; undefined where there is none that can be read. */
  private async written(): Promise<unknown> {
    const { definition, definitionUri } = this.machine
    if (definition !== undefined && definitionUri !== undefined) {
      this.tell(['definitionUri'], 'a state machine has `definition` or `definitionUri`')
      return undefined
    }
    this.key = definition === undefined ? 'definitionUri' : 'definition'
    const given = definition ?? definitionUri
    if (given === undefined) {
      const message =
        'missing required key `definition`: a file in Amazon States Language, or the definition itself'
      this.problems.push({ path: ['stateMachines', this.name], at: 'key', message })
      return undefined
    }
    if (isMap(given)) return given
    if (typeof given !== 'string') {
      this.tell([this.key], 'a definition is the name of a file, or the definition itself')
      return undefined
    }
    return this.ofFile(given)
  }

  private async ofFile(file: string): Promise<unknown> {
    let text: string
    try {
      text = await this.files.readText(file)
    } catch (error) {
      this.tell([this.key], error instanceof Error ? error.message : String(error))
      return undefined
    }
    const parsed = parseScenarioText(quotedPlaceholders(text), file, DEFINITION_TEXT)
    if (parsed.ok) {
      this.source = parsed.document
      return parsed.document.value
    }
    const source = { fileName: file, text: parsed.text }
    this.diagnostics.push(...parsed.diagnostics.map((diagnostic) => ({ ...diagnostic, source })))
    return undefined
  }

  private async compiled(written: unknown): Promise<WorkflowDefinition> {
    const { machine } = this
    const isExpress = machine.type === 'EXPRESS'
    const stated = isMap(machine.definitionSubstitutions) ? machine.definitionSubstitutions : {}
    const definition = substituted(written, { ...this.pseudoParameters(), ...stated }) as Fields
    const found = checkDefinition(definition, { isExpress })
    for (const problem of found) this.tellInDefinition(withPlaceholder(problem, definition))
    if (found.length > 0) return NO_DEFINITION
    const report = (path: readonly PathSegment[], message: string, suggestion?: string): void =>
      this.tell(path, message, suggestion)
    checkSteering(machine, definition, report)
    const config = stateMachineSchema.safeParse(machine)
    // The schema's own problems are told where the whole scenario is validated.
    if (!config.success) return NO_DEFINITION
    checkChoices(config.data.choices, definition, report)
    if (config.data.input !== undefined && config.data.inputs !== undefined) {
      report(['inputs'], 'a state machine has `input` or `inputs`')
    }
    for (const [index, { value }] of inputsOf(config.data).entries()) {
      const bytes = documentBytes(value)
      if (bytes <= LARGEST_DOCUMENT_BYTES) continue
      const path = config.data.inputs === undefined ? ['input'] : ['inputs', index, 'value']
      report(path, `an input has at most 256 KiB as JSON, and this one ${bytes} bytes`)
    }
    const meanItems = meansOf(config.data.items)
    const steering: Steering = {
      machine: this.name,
      inputs: inputsOf(config.data),
      choices: config.data.choices,
      results: outcomesOf(config.data.results, report),
      resources: config.data.resources,
      hasServiceDuration: config.data.serviceDuration !== undefined,
      durations: new Set(Object.keys(config.data.durations)),
      items: new Set(Object.keys(config.data.items)),
      meanItems,
      qualifiers: qualifiersIn(this.scenario.functions),
      nodes: Object.fromEntries(
        SECTIONS.map((section) => [section, Object.keys(this.scenario[section] ?? {})]),
      ),
    }
    if (this.problems.length > 0) return NO_DEFINITION
    const lacks: Lack[] = []
    const program = await expand(definition, steering, (path, message, at, ...open) => {
      this.tellInDefinition({ path, at, message })
      lacks.push(...open)
    })
    checkUses(config.data, program, report)
    this.tellHowToBegin(linesFor(lacks, [...statesIn(definition).keys()]))
    if (this.problems.length + this.diagnostics.length > 0) return NO_DEFINITION
    return new WorkflowDefinition(
      program,
      referencesOf(program, meanItems),
      meanTransitions(program, meanItems),
    )
  }

  /** Those of CloudFormation. */
  private pseudoParameters(): Value {
    const { account } = this.scenario
    const region = isMap(account) ? account.region : undefined
    return {
      'AWS::Partition': 'aws',
      'AWS::Region': typeof region === 'string' ? region : 'us-east-1',
      'AWS::AccountId': '123456789012',
      'AWS::URLSuffix': 'amazonaws.com',
    }
  }

  /** All of it in one piece, for a definition that leaves much open. */
  private tellHowToBegin(lines: readonly string[]): void {
    if (lines.length === 0) return
    const message = `the definition of \`${this.name}\` leaves open what the messages after this one ask for: to begin with, this may stand in it`
    const path = ['stateMachines', this.name]
    this.problems.push({ path, at: 'key', message, example: lines })
  }

  private tell(path: readonly PathSegment[], message: string, suggestion?: string): void {
    this.problems.push({
      path: ['stateMachines', this.name, ...path],
      at: 'value',
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }

  /** In the file that holds the definition, or in the scenario that does. */
  private tellInDefinition(problem: Problem): void {
    const pointer = problem.path.length === 0 ? '' : ` (at /${problem.path.map(escaped).join('/')})`
    const message = `${problem.message}${pointer}`
    if (this.source === null) {
      const path = ['stateMachines', this.name, this.key, ...problem.path]
      this.problems.push({ ...problem, path, message })
      return
    }
    const { fileName, text } = this.source
    const diagnostic = this.source.locate({ ...problem, message })
    this.diagnostics.push({ ...diagnostic, source: { fileName, text } })
  }
}

/** What is wrong with a text may be that nothing stands for its placeholder yet. */
function withPlaceholder(problem: Problem, definition: Fields): Problem {
  const text = valueAt(definition, problem.path)
  const [placeholder] = typeof text === 'string' ? placeholdersIn(text) : []
  if (placeholder === undefined) return problem
  const cure = stated({ key: 'definitionSubstitutions', name: placeholder, value: 'VALUE' })
  return { ...problem, message: `${problem.message}: ${cure} says what \`${text}\` stands for` }
}

/** A segment of a JSON pointer (RFC 6901). */
function escaped(segment: PathSegment): string {
  return String(segment).replace(/~/g, '~0').replace(/\//g, '~1')
}

/** Aliases and versions that functions declare. */
function qualifiersIn(functions: unknown): Record<string, readonly string[]> {
  if (!isMap(functions)) return {}
  return Object.fromEntries(
    Object.entries(functions).map(([name, config]) => {
      const { aliases, versions } = isMap(config) ? config : { aliases: {}, versions: {} }
      return [name, [...Object.keys(aliases ?? {}), ...Object.keys(versions ?? {}), '$LATEST']]
    }),
  )
}

/** Of distributions whose values are not in a file. */
function meansOf(items: Readonly<Record<string, DistributionChoice>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(items).map(([state, choice]) => [
      state,
      namesFile(choice) ? 1 : createDistribution(choice).mean,
    ]),
  )
}

function namesFile({ options }: DistributionChoice): boolean {
  return isMap(options) && options.file !== undefined
}

/** What is known of the input of executions. */
function inputsOf({
  input = UNKNOWN,
  inputs = [{ share: 1, value: input }],
}: Pick<z.output<typeof stateMachineSchema>, 'input' | 'inputs'>): Steering['inputs'] {
  return inputs
}
