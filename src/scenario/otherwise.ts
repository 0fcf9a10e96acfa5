/**
 * The scenario that stands for the rest of a month: `billing.represents.otherwise`. It is loaded as
 * it stands in its own file, with the seed and the variant of the one that names it.
 */
import type { ScenarioFiles } from '../kernel/files.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { Diagnostic, Problem } from './diagnostics.ts'
import type { LoadedScenario, LoadOptions, RefusedScenario } from './load.ts'
import { parseScenarioText } from './parse.ts'
import type { Scenario } from './schema/scenario.ts'
import { isMap } from './schema-walk.ts'

export interface Otherwise {
  /** As the scenario names it. */
  readonly file: string
  readonly compiled: CompiledScenario
  readonly digest: string
  /** What file names in it are relative to. */
  readonly files: ScenarioFiles
}

export interface ReadOtherwise {
  /** null: none is named, or it cannot be used. */
  readonly otherwise: Otherwise | null
  /** In the scenario. */
  readonly problems: readonly Problem[]
  /** In the file that it names. */
  readonly diagnostics: readonly Diagnostic[]
}

/** What reading it takes of the scenario that names it. */
export interface Namer {
  readonly scenario: Scenario
  /** Its own text: a file that holds the same is itself. */
  readonly text: string
  readonly variant: string | undefined
  readonly files: ScenarioFiles
  readonly load: (options: LoadOptions) => Promise<LoadedScenario | RefusedScenario>
}

export const NO_OTHERWISE: ReadOtherwise = { otherwise: null, problems: [], diagnostics: [] }

export async function readOtherwise(namer: Namer): Promise<ReadOtherwise> {
  const { scenario, files } = namer
  const file = otherwiseFile(scenario)
  if (file === undefined) return NO_OTHERWISE
  let text: string
  try {
    text = await files.readText(file)
  } catch (error) {
    return refused([error instanceof Error ? error.message : String(error)])
  }
  if (text === namer.text) return refused([`${file} is this scenario itself`])
  const beside = filesBeside(file, files)
  const loaded = await namer.load({
    text,
    fileName: file,
    files: beside,
    seed: String(scenario.seed),
    standsForRest: true,
    ...variantIn(text, file, namer.variant),
  })
  if (!loaded.ok) return { ...NO_OTHERWISE, diagnostics: placed(loaded, file) }
  const messages = mismatches(file, scenario, loaded)
  if (messages.length > 0) return refused(messages)
  const { compiled, digest } = loaded
  return { ...NO_OTHERWISE, otherwise: { file, compiled, digest, files: beside } }
}

/** With what a person must know of the other scenario, too. */
export function withOtherwise(
  compiled: CompiledScenario,
  otherwise: Otherwise | null,
): CompiledScenario {
  if (otherwise === null) return compiled
  const { file, compiled: other } = otherwise
  const told = new Set(compiled.assumptions.map(({ statement }) => statement))
  const more = other.assumptions.filter(({ statement }) => !told.has(statement))
  return {
    ...compiled,
    // Their alternatives are settings of the other file.
    assumptions: [...compiled.assumptions, ...more.map(({ alternatives: _, ...rest }) => rest)],
    warnings: [...compiled.warnings, ...other.warnings.map((warning) => `${file}: ${warning}`)],
  }
}

function otherwiseFile({ billing }: Scenario): string | undefined {
  const represents = billing?.represents
  return typeof represents === 'object' ? represents.otherwise : undefined
}

/** Why one month cannot have both. */
function mismatches(
  file: string,
  { account: { region }, startsAt }: Scenario,
  { scenario: other, compiled }: LoadedScenario,
): readonly string[] {
  const messages: string[] = []
  if (otherwiseFile(other) !== undefined) {
    messages.push(`${file} has an \`otherwise\` of its own: the rest of a month is one scenario`)
  } else if (typeof other.billing?.represents === 'object') {
    messages.push(
      `${file} says how often a month has it: what stands for the rest of a month happens all the time`,
    )
  }
  if (other.account.region !== region) {
    messages.push(`${file} is in ${other.account.region}, this scenario in ${region}`)
  } else if (compiled.unbilled !== '') {
    messages.push(`${file} has no bill: ${compiled.unbilled}`)
  }
  const [own, its] = [startsAt, other.startsAt].map(monthText)
  if (own !== its) {
    messages.push(
      `${file} starts in ${its}, this scenario in ${own}: a month has the prices of one month, so state \`startsAt\``,
    )
  }
  return messages
}

function monthText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7)
}

function refused(messages: readonly string[]): ReadOtherwise {
  const path = ['billing', 'represents', 'otherwise']
  return { ...NO_OTHERWISE, problems: messages.map((message) => ({ path, at: 'value', message })) }
}

/** The variant of the same name, where the other scenario has one. */
function variantIn(
  text: string,
  file: string,
  variant: string | undefined,
): Pick<LoadOptions, 'variant'> {
  if (variant === undefined) return {}
  const parsed = parseScenarioText(text, file)
  const root = parsed.ok ? parsed.document.value : {}
  const variants = isMap(root) ? root.variants : {}
  return isMap(variants) && Object.hasOwn(variants, variant) ? { variant } : {}
}

function placed({ diagnostics, text }: RefusedScenario, fileName: string): Diagnostic[] {
  return diagnostics.map((diagnostic) => ({ source: { fileName, text }, ...diagnostic }))
}

/** Relative names in a file are relative to it. */
function filesBeside(file: string, files: ScenarioFiles): ScenarioFiles {
  const directory = file.slice(0, Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1)
  if (directory === '') return files
  const isAbsolute = (path: string) => /^([/\\]|[A-Za-z]:[/\\])/.test(path)
  const place = (path: string) => (isAbsolute(path) ? path : `${directory}${path}`)
  return {
    readText: (path) => files.readText(place(path)),
    readChunks: (path) => files.readChunks(place(path)),
  }
}
