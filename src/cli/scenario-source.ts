import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { ScenarioFiles } from '../kernel/files.ts'
import type { LoadedScenario } from '../scenario/load.ts'
import type { Arguments } from './arguments.ts'
import type { CommandIo } from './io.ts'
import { fileFault, nodeFiles } from './node-files.ts'

const STANDARD_INPUT = '-'

export interface OpenedScenario {
  readonly scenario: LoadedScenario
  readonly files: ScenarioFiles
  /** As the person named it. */
  readonly fileName: string
}

/**
 * Reads and checks the scenario that the arguments name. null: it is invalid, and standard error
 * has been told every problem.
 */
export async function openScenario(args: Arguments, io: CommandIo): Promise<OpenedScenario | null> {
  const named = args.text('scenario') ?? ''
  const isStdin = named === STANDARD_INPUT
  const fileName = isStdin ? 'stdin' : named
  const path = resolve(io.cwd, named)
  const files = nodeFiles(isStdin ? io.cwd : dirname(path))
  let text: Uint8Array
  try {
    text = isStdin ? await io.readStdin() : await readFile(path)
  } catch (error) {
    io.stderr.write(`${fileName}:1:1: ${fileFault(error)}\n`)
    return null
  }
  const { loadScenario } = await import('../scenario/load.ts')
  const seed = args.text('seed')
  const loaded = await loadScenario({
    text,
    fileName,
    files,
    set: args.list('set'),
    ...(seed === undefined ? {} : { seed }),
  })
  if (!loaded.ok) {
    io.stderr.write(`${loaded.formatted.trimEnd()}\n`)
    return null
  }
  return { scenario: loaded, files, fileName }
}
