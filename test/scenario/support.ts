import type { ScenarioFiles } from '../../src/kernel/files.ts'
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { type LoadedScenario, loadScenario } from '../../src/scenario/load.ts'

/** Files by name; anything else is missing. */
export function filesOf(contents: Readonly<Record<string, string>> = {}): ScenarioFiles {
  const read = (path: string): string => {
    const text = contents[path]
    if (text === undefined) throw new Error(`${path}: no such file`)
    return text
  }
  return {
    readText: async (path) => read(path),
    readChunks: async function* (path) {
      yield new TextEncoder().encode(read(path))
    },
  }
}

export async function load(
  text: string | Uint8Array | object,
  set: readonly string[] = [],
  files: ScenarioFiles = filesOf(),
): Promise<LoadedScenario> {
  const loaded = await loadScenario({ text, fileName: 's.yaml', files, set })
  if (!loaded.ok) throw new Error(loaded.formatted)
  return loaded
}

export async function compile(
  text: string | object,
  set?: readonly string[],
): Promise<CompiledScenario> {
  return (await load(text, set)).compiled
}

/** What a person sees of an invalid scenario. */
export async function complaint(
  text: string | Uint8Array | object,
  set: readonly string[] = [],
  files: ScenarioFiles = filesOf(),
): Promise<string> {
  const loaded = await loadScenario({ text, fileName: 's.yaml', files, set })
  return loaded.ok ? 'no complaint' : loaded.formatted
}

/** A valid scenario with parts replaced or added, as YAML lines. */
export function scenario(parts: Readonly<Record<string, string>> = {}): string {
  const lines: Record<string, string> = {
    name: 'test',
    duration: '10m',
    account: '{ region: us-east-1 }',
    functions: '{ hello: { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none } }',
    traffic: '{ visitors: { to: hello, rate: 20/s } }',
    ...parts,
  }
  return Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

/** The same with one function that has these keys beside its runtime and handler. */
export function withFunction(keys: string, parts: Readonly<Record<string, string>> = {}): string {
  return scenario({
    functions: `\n  hello: { runtime: nodejs22.x, handler: { duration: 50ms }, ${keys === '' ? '' : `${keys}, `}coldStart: none }`,
    ...parts,
  })
}
