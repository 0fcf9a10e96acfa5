import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { OUTPUT_FILES, type Play, wordsOf } from '../support/plays.ts'
import { type Engine, ROOT } from './engines.ts'

/** Bytes, by a name that says what they are. */
export type Written = Map<string, Buffer>

const MOST_OUTPUT_BYTES = 16_777_216

/** Standard output of a program that succeeds. */
export function run(engine: Engine, words: readonly string[], cwd: string): Buffer {
  const { status, stdout, stderr, error } = spawnSync(engine.program, [...engine.flags, ...words], {
    cwd,
    maxBuffer: MOST_OUTPUT_BYTES,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${engine.name}, exit code ${status}: ${stderr}`)
  return stdout
}

/** Plays through the built command line: the files, and the summary on standard output. */
export function playIn(engine: Engine, play: Play, cwd: string): [string, Buffer][] {
  const scenario = join(ROOT, 'scenarios', `${play.scenario}.yaml`)
  const words = wordsOf(play, scenario, 'out')
  const shown = run(engine, [join(ROOT, 'dist/cli/main.js'), ...words], cwd)
  const files = OUTPUT_FILES.map((name) => [name, readFileSync(join(cwd, 'out', name))] as const)
  rmSync(join(cwd, 'out'), { recursive: true })
  return [['summary', shown] as const, ...files].map(([name, content]) => [
    `${play.scenario}, ${name}`,
    content,
  ])
}

/** A program that writes the table of draws. */
export async function bundleDraws(path: string): Promise<void> {
  await build({
    stdin: {
      contents: `import { goldenTableText } from './test/model/distributions/golden-draws.ts'
process.stdout.write(await goldenTableText())`,
      resolveDir: ROOT,
    },
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  })
}

/** Where two engines part, with the first line that differs; null when they do not. */
export function firstDifference(expected: Written, actual: Written): string | null {
  for (const [name, content] of expected) {
    const other = actual.get(name)
    if (other?.equals(content) === true) continue
    const lines = content.toString().split('\n')
    const otherLines = (other ?? Buffer.of()).toString().split('\n')
    const index = lines.findIndex((line, at) => line !== otherLines[at])
    return `${name}, line ${index + 1}: ${otherLines[index] ?? 'is missing'} and not ${lines[index]}`
  }
  return null
}
