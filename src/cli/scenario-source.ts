import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ScenarioFiles } from '../kernel/files.ts'
import type { Diagnostic } from '../scenario/diagnostics.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import type { Arguments } from './arguments.ts'
import { type CommandIo, UsageError } from './io.ts'
import { fileFault, nodeFiles } from './node-files.ts'

const STANDARD_INPUT = '-'

export interface OpenedScenario {
  readonly scenario: LoadedScenario
  readonly files: ScenarioFiles
  /** As the person named it. */
  readonly fileName: string
  /** Full paths of the scenario and of the files that it names: nothing may overwrite them. */
  readonly inputs: ReadonlySet<string>
}

/** What the command line changes of a scenario. */
export interface ScenarioChanges {
  readonly set: readonly string[]
  readonly seed: string | undefined
  readonly variant?: string
}

/**
 * Reads and checks the scenario that the arguments name. null: it is invalid, and standard error
 * has been told every problem, as has `onDiagnostics`.
 */
export async function openScenario(
  args: Arguments,
  io: CommandIo,
  onDiagnostics?: (diagnostics: readonly Diagnostic[]) => void,
): Promise<OpenedScenario | null> {
  const named = args.positional('scenario') ?? ''
  return openNamed(named, await changesOf(args), io, onDiagnostics)
}

export async function changesOf(args: Arguments): Promise<ScenarioChanges> {
  return { set: args.list('set'), seed: await seedOf(args) }
}

/** The same of a scenario that is named otherwise. */
export async function openNamed(
  named: string,
  { set, seed, variant }: ScenarioChanges,
  io: CommandIo,
  onDiagnostics?: (diagnostics: readonly Diagnostic[]) => void,
): Promise<OpenedScenario | null> {
  if (named === '') throw new UsageError('the name of the scenario is empty')
  const isStdin = named === STANDARD_INPUT
  const fileName = isStdin ? 'stdin' : named
  const path = resolve(io.cwd, named)
  const inputs = new Set(isStdin ? [] : [path])
  const files = nodeFiles(isStdin ? io.cwd : dirname(path), inputs)
  let text: Uint8Array
  try {
    text = isStdin ? await io.readStdin() : await readFile(path)
  } catch (error) {
    const message = fileFault(error)
    onDiagnostics?.([{ line: 1, column: 1, message }])
    io.stderr.write(`${fileName}:1:1: ${message}\n`)
    return null
  }
  const { loadScenario } = await import('../scenario/load.ts')
  const loaded = await loadScenario({
    text,
    fileName,
    files,
    set,
    ...(seed === undefined ? {} : { seed }),
    ...(variant === undefined ? {} : { variant }),
  })
  if (!loaded.ok) {
    onDiagnostics?.(loaded.diagnostics)
    io.stderr.write(`${loaded.formatted.trimEnd()}\n`)
    return null
  }
  return { scenario: loaded, files, fileName, inputs }
}

/** Read as a scenario's `seed:` is, so that both accept the same and mean the same. */
async function seedOf(args: Arguments): Promise<string | undefined> {
  const text = args.text('seed')
  if (text === undefined) return undefined
  const { parseOverride } = await import('../scenario/overlay.ts')
  const parsed = parseOverride(`seed=${text}`)
  const seed = parsed.ok ? parsed.value.value : null
  if (typeof seed !== 'string' && !Number.isSafeInteger(seed)) {
    throw new UsageError(`--seed takes a whole number or a word, not ${text}`)
  }
  return String(seed)
}
