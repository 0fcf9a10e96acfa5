/**
 * The one way from a scenario's text to what the engine runs: parse, override, validate, check,
 * compile. Either everything is fine, or every problem is reported at once.
 */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
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
import { memoryOverrides } from './memory-override.ts'
import { type Override, parseOverride, withValueAt } from './overlay.ts'
import { parseScenarioText, type SourceDocument } from './parse.ts'
import { readScenarioFiles } from './scenario-files.ts'
import type { Scenario } from './schema/scenario.ts'
import { isMap, valueAt } from './schema-walk.ts'
import { compileThresholds } from './thresholds.ts'
import { checkSetPaths, compileTimeline } from './timeline.ts'
import { validateScenario, withNestedInitial } from './validate.ts'
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
}

export interface LoadedScenario {
  readonly ok: true
  readonly compiled: CompiledScenario
  /** Validated, with overrides and defaults applied. */
  readonly scenario: Scenario
  readonly warnings: readonly string[]
  /** 16 hexadecimal digits that name the scenario with its overrides. */
  readonly digest: string
}

export interface RefusedScenario {
  readonly ok: false
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

  const overridden = applyOverrides(document.value, overridesOf(options))
  const nested = withNestedInitial(overridden.value)
  const workflows = await readWorkflows(nested.value, options.files)
  const { scenario, partial, problems: schemaProblems } = validateScenario(workflows.value)
  const { thresholds, problems: thresholdProblems } = compileThresholds(partial)
  const written = withNestedInitial(isMap(document.value) ? document.value : {}).value
  const memory = memoryOverrides(written, partial)
  const problems = [
    ...overridden.problems,
    ...nested.problems,
    ...workflows.problems,
    ...schemaProblems,
    ...checkScenario(partial),
    ...checkSetPaths(partial),
    ...thresholdProblems,
    ...memory.problems,
  ]
  const refuse = (found: readonly Problem[]): RefusedScenario =>
    refusal(fileName, document.text, [
      ...positioned(document, found, overridden.overrides),
      ...workflows.diagnostics,
    ])
  const isFaulty = problems.length + workflows.diagnostics.length > 0
  if (isFaulty || scenario === null) return refuse(problems)

  const timeline = compileTimeline(scenario, workflows.value)
  const read = await readScenarioFiles(scenario, options.files)
  const lateProblems = [...timeline.problems, ...read.problems]
  if (lateProblems.length > 0) return refuse(lateProblems)
  const compiled = compileScenario(read.scenario, {
    writtenMemoryMb: memory.writtenMemoryMb,
    distribution: createDistribution,
    timeline: timeline.actions,
    thresholds,
    warnings: [...surprises(partial), ...nodeWarnings(partial)],
  })
  return {
    ok: true,
    compiled,
    scenario,
    warnings: compiled.warnings,
    digest: digestOf(workflows.told),
  }
}

function textOf(input: string | Uint8Array | object): string | Uint8Array {
  if (typeof input === 'string' || input instanceof Uint8Array) return input
  return JSON.stringify(input, null, 2)
}

function overridesOf({ set = [], seed }: LoadOptions): readonly string[] {
  return seed === undefined ? set : [...set, `seed=${JSON.stringify(seed)}`]
}

interface Overridden {
  readonly value: Readonly<Record<string, unknown>>
  readonly overrides: readonly Override[]
  readonly problems: readonly Problem[]
}

function applyOverrides(root: unknown, texts: readonly string[]): Overridden {
  let value = isMap(root) ? root : {}
  const overrides: Override[] = []
  const problems: Problem[] = []
  for (const text of texts) {
    const parsed = parseOverride(text)
    const applied = parsed.ok ? withValueAt(value, parsed.value.path, parsed.value.value) : parsed
    if (!applied.ok) {
      const { message, suggestion } = applied.fault
      problems.push({
        path: parsed.ok ? parsed.value.path : [],
        at: 'value',
        message: `--set ${text}: ${message}`,
        ...(suggestion === undefined ? {} : { suggestion }),
      })
    } else if (parsed.ok && isMap(applied.value)) {
      value = applied.value
      overrides.push(parsed.value)
    }
  }
  return { value, overrides, problems }
}

/** Problems of an overridden value name the override; the rest points into the text. */
function positioned(
  document: SourceDocument,
  problems: readonly Problem[],
  overrides: readonly Override[],
): readonly Diagnostic[] {
  return problems.map((problem) => {
    const isMade = valueAt(document.value, problem.path) === undefined
    const cause = overrides.findLast(
      ({ path }) => isWithin(problem.path, path) || (isMade && isWithin(path, problem.path)),
    )
    if (cause === undefined || problem.message.startsWith('--set ')) return document.locate(problem)
    return document.locate({ ...problem, message: `--set ${cause.text}: ${problem.message}` })
  })
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
    diagnostics: ordered,
    formatted: formatDiagnostics(fileName, text, ordered),
  }
}
