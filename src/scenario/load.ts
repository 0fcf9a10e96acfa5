/**
 * The one way from a scenario's text to what the engine runs: parse, override, validate, check,
 * compile. Either everything is fine, or every problem is reported at once.
 */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { CompiledScenario, Threshold } from '../model/compiled-scenario.ts'
import { createDistribution } from '../model/distributions/index.ts'
import { checkScenario } from './checks/index.ts'
import { nodeWarnings } from './checks/nodes.ts'
import { surprises } from './checks/warnings.ts'
import { compileScenario } from './compile.ts'
import {
  type Diagnostic,
  formatDiagnostics,
  inDocumentOrder,
  type PathSegment,
  type Problem,
} from './diagnostics.ts'
import { digestOf } from './digest.ts'
import { type MemoryOverrides, memoryOverrides } from './memory-override.ts'
import {
  NO_OTHERWISE,
  type Otherwise,
  type ReadOtherwise,
  readOtherwise,
  withOtherwise,
} from './otherwise.ts'
import {
  type OverlayResult,
  type Override,
  parseOverride,
  parsePath,
  pathsOf,
  withValueAt,
} from './overlay.ts'
import { parseScenarioText, type SourceDocument } from './parse.ts'
import { pricingProblems, shortRunWarnings } from './prices.ts'
import { readScenarioFiles } from './scenario-files.ts'
import type { Scenario } from './schema/scenario.ts'
import { isMap, valueAt } from './schema-walk.ts'
import { compileThresholds } from './thresholds.ts'
import { checkSetPaths, compileTimeline } from './timeline.ts'
import { type PartialScenario, validateScenario, withNestedInitial } from './validate.ts'
import { readWorkflows } from './workflow/read-workflows.ts'

export interface LoadOptions {
  /** YAML or JSON text, its bytes, or the plain object that such text describes. */
  readonly text: string | Uint8Array | object
  /** How messages name it. */
  readonly fileName: string
  /** What file names in the scenario are relative to. */
  readonly files: ScenarioFiles
  /** `PATH=VALUE`, applied in order. */
  readonly set?: readonly string[]
  /** In place of the scenario's own. */
  readonly seed?: string
  /** Which of the scenario's variants to make of it, after `set`. */
  readonly variant?: string
  /** It stands for the rest of another scenario's month: no other stands for the rest of its own. */
  readonly standsForRest?: boolean
}

export interface LoadedScenario {
  readonly ok: true
  readonly compiled: CompiledScenario
  /** Validated, with overrides and defaults applied. */
  readonly scenario: Scenario
  readonly warnings: readonly string[]
  /** 16 hexadecimal digits that name the scenario with its overrides. */
  readonly digest: string
  /** What stands for the rest of its month; null: nothing does. */
  readonly otherwise: Otherwise | null
}

export interface RefusedScenario {
  readonly ok: false
  /** What the diagnostics point into. */
  readonly text: string
  /** In the order of the document. */
  readonly diagnostics: readonly Diagnostic[]
  /** The diagnostics as `FILE:LINE:COLUMN: message` with source line and caret. */
  readonly formatted: string
}

export async function loadScenario(
  options: LoadOptions,
): Promise<LoadedScenario | RefusedScenario> {
  const { fileName } = options
  const parsed = parseScenarioText(textOf(options.text), fileName)
  if (!parsed.ok) return refusal(fileName, parsed.text, parsed.diagnostics)
  const { document } = parsed

  const root = isMap(document.value) ? document.value : {}
  const { files } = options
  const given = changed(root, givenChanges(options))
  const variant = options.variant === undefined ? null : options.variant
  const overlaid =
    variant === null ? given : changed(given.value, variantChanges(root, variant), given)
  const examined = await examine(root, overlaid, files)
  const { value, scenario, partial, thresholds, memory, problems, diagnostics } = examined
  const refuse = (found: readonly Problem[]): RefusedScenario =>
    refusal(fileName, document.text, positioned(document, found, overlaid.changes))
  const own = [...positioned(document, problems, overlaid.changes), ...diagnostics]
  const faults =
    variant === null
      ? [...own, ...(await variantFaults(document, given, files, own.length === 0))]
      : own
  if (faults.length > 0 || scenario === null) return refusal(fileName, document.text, faults)

  const timeline = compileTimeline(scenario, value)
  const read = await readScenarioFiles(scenario, options.files)
  const lateProblems = [...timeline.problems, ...read.problems]
  if (lateProblems.length > 0) return refuse(lateProblems)
  const compiled = compileScenario(read.scenario, {
    writtenMemoryMb: memory.writtenMemoryMb,
    distribution: createDistribution,
    timeline: timeline.actions,
    thresholds,
    warnings: [...surprises(partial), ...nodeWarnings(partial), ...shortRunWarnings(scenario)],
  })
  const rest = await readRest(options, scenario, document.text)
  const unbillable = positioned(
    document,
    [...pricingProblems(scenario, compiled), ...rest.problems],
    overlaid.changes,
  )
  if (unbillable.length + rest.diagnostics.length > 0) {
    return refusal(fileName, document.text, [...unbillable, ...rest.diagnostics])
  }
  const { otherwise } = rest
  const whole = withOtherwise(compiled, otherwise)
  const { told } = examined
  return {
    ok: true,
    compiled: whole,
    scenario,
    warnings: whole.warnings,
    digest: digestOf(otherwise === null ? told : { told, otherwise: otherwise.digest }),
    otherwise,
  }
}

/** Reads what stands for the rest of the month. */
function readRest(
  { files, variant, standsForRest = false }: LoadOptions,
  scenario: Scenario,
  text: string,
): Promise<ReadOtherwise> | ReadOtherwise {
  if (standsForRest) return NO_OTHERWISE
  return readOtherwise({ scenario, text, variant, files, load: loadScenario })
}

function textOf(input: string | Uint8Array | object): string | Uint8Array {
  if (typeof input === 'string' || input instanceof Uint8Array) return input
  return JSON.stringify(input, null, 2)
}

interface Examined {
  /** The plain value, with the dotted keys of `initial` as maps and definitions read. */
  readonly value: Readonly<Record<string, unknown>>
  /** What names it: the same with the text of definitions. */
  readonly told: unknown
  readonly scenario: Scenario | null
  readonly partial: PartialScenario
  readonly thresholds: readonly Threshold[]
  readonly memory: MemoryOverrides
  readonly problems: readonly Problem[]
  /** Faults in definitions that have files of their own. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Everything that can be found wrong with a value before its traces are read. */
async function examine(
  root: Readonly<Record<string, unknown>>,
  changed: Changed,
  files: ScenarioFiles,
): Promise<Examined> {
  const nested = withNestedInitial(changed.value)
  const workflows = await readWorkflows(nested.value, files)
  const { value, told, diagnostics } = workflows
  const { scenario, partial, problems: schemaProblems } = validateScenario(value)
  const { thresholds, problems: thresholdProblems } = compileThresholds(partial)
  const memory = memoryOverrides(withNestedInitial(root).value, partial)
  const problems = [
    ...changed.problems,
    ...nested.problems,
    ...workflows.problems,
    ...schemaProblems,
    ...checkScenario(partial),
    ...checkSetPaths(partial),
    ...thresholdProblems,
    ...memory.problems,
  ]
  return { value, told, scenario, partial, thresholds, memory, problems, diagnostics }
}

/** A value that takes the place of another one, and what asked for it. */
interface Change {
  readonly result: OverlayResult<Pick<Override, 'path' | 'value'>>
  /** For messages: `--set functions.checkout.memorySize=512`, `variant small`. */
  readonly label: string
  /** Where in the document it stands; null: on the command line. */
  readonly writtenAt: readonly PathSegment[] | null
}

function givenChanges({ set = [], seed }: LoadOptions): readonly Change[] {
  const texts = seed === undefined ? set : [...set, `seed=${JSON.stringify(seed)}`]
  return texts.map((text) => ({
    result: parseOverride(text),
    label: `--set ${text}`,
    writtenAt: null,
  }))
}

function variantLabel(name: string): string {
  return `variant ${name}`
}

function variantChanges(root: unknown, name: string): readonly Change[] {
  const overlay = valueAt(root, ['variants', name])
  return Object.entries(isMap(overlay) ? overlay : {}).map(([text, value]) => ({
    result: parsePath(text, value),
    label: variantLabel(name),
    writtenAt: ['variants', name, text],
  }))
}

interface Changed {
  readonly value: Readonly<Record<string, unknown>>
  /** Those that could be made. */
  readonly changes: readonly (Change & { readonly path: readonly PathSegment[] })[]
  readonly problems: readonly Problem[]
}

function changed(root: unknown, changes: readonly Change[], before?: Changed): Changed {
  let value = isMap(root) ? root : {}
  const made = [...(before?.changes ?? [])]
  const problems = [...(before?.problems ?? [])]
  const make = (change: Change): void => {
    const { result, label, writtenAt } = change
    // null takes a setting away, as in the timeline.
    const applied = result.ok
      ? withValueAt(value, result.value.path, result.value.value ?? undefined)
      : result
    if (!applied.ok) {
      const { message, suggestion } = applied.fault
      problems.push({
        path: writtenAt ?? (result.ok ? result.value.path : []),
        at: writtenAt === null ? 'value' : 'key',
        message: `${label}: ${message}`,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    } else if (result.ok && isMap(applied.value)) {
      value = applied.value
      made.push({ ...change, path: result.value.path })
    }
  }
  for (const change of changes) for (const each of ofEvery(value, change)) make(each)
  return { value, changes: made, problems }
}

/** A change of every entity of a section is one change of each. */
function ofEvery(root: unknown, change: Change): readonly Change[] {
  const { result } = change
  if (!result.ok) return [change]
  const { path, value } = result.value
  return pathsOf(root, path).map((each) => ({
    ...change,
    result: { ok: true, value: { path: each, value } },
  }))
}

/** Problems of a changed value name the change; the rest points into the text. */
function positioned(
  document: SourceDocument,
  problems: readonly Problem[],
  changes: Changed['changes'],
): readonly Diagnostic[] {
  return problems.map((problem) => {
    const cause = causeOf(document, problem, changes)
    if (cause === undefined || problem.message.startsWith(`${cause.label}: `)) {
      return document.locate(problem)
    }
    const message = `${cause.label}: ${problem.message}`
    if (cause.writtenAt === null) return document.locate({ ...problem, message })
    return document.locate({ ...problem, message, path: cause.writtenAt, at: 'value' })
  })
}

function causeOf(
  document: SourceDocument,
  { path: faulty }: Problem,
  changes: Changed['changes'],
): Changed['changes'][number] | undefined {
  const isMade = valueAt(document.value, faulty) === undefined
  return changes.findLast(
    ({ path }) => isWithin(faulty, path) || (isMade && isWithin(path, faulty)),
  )
}

/**
 * What is wrong with the variants, whichever of them is going to run. Where the scenario itself has
 * faults, only what a variant has brought in: the rest is told already.
 */
async function variantFaults(
  document: SourceDocument,
  given: Changed,
  files: ScenarioFiles,
  isRestFine: boolean,
): Promise<readonly Diagnostic[]> {
  const root = isMap(document.value) ? document.value : {}
  const variants = valueAt(root, ['variants'])
  const known = new Set(given.problems)
  const faults: Diagnostic[] = []
  for (const name of Object.keys(isMap(variants) ? variants : {})) {
    const overlaid = changed(given.value, variantChanges(root, name), given)
    for (const problem of (await examine(root, overlaid, files)).problems) {
      if (known.has(problem)) continue
      const cause = causeOf(document, problem, overlaid.changes)
      const isOwn = cause?.label === variantLabel(name) || problem.path[0] === 'variants'
      if (isOwn) faults.push(...positioned(document, [problem], overlaid.changes))
      else if (isRestFine) {
        const message = `${variantLabel(name)}: ${problem.message}`
        faults.push(document.locate({ ...problem, message, path: ['variants', name], at: 'key' }))
      }
    }
  }
  return faults
}

function isWithin(path: readonly PathSegment[], outer: readonly PathSegment[]): boolean {
  return outer.every((segment, index) => String(path[index]) === String(segment))
}

function refusal(
  fileName: string,
  text: string,
  diagnostics: readonly Diagnostic[],
): RefusedScenario {
  const ordered = inDocumentOrder(diagnostics)
  return {
    ok: false,
    text,
    diagnostics: ordered,
    formatted: formatDiagnostics(fileName, text, ordered),
  }
}
