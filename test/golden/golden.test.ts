/**
 * Golden cases of the command line. A case is a folder: `case.json` has the words of the command,
 * its exit code and what standard input says; other files are what the command finds beside it.
 * `expected-stdout.txt` and `expected-stderr.txt` are what it must write; UPDATE_GOLDEN=1 writes them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory } from '../cli/harness.ts'

interface Case {
  readonly words: readonly string[]
  readonly exitCode: number
  readonly stdin?: string
}

const ROOT = fileURLToPath(new URL('.', import.meta.url))
const IS_UPDATE = process.env.UPDATE_GOLDEN === '1'

const CASES = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)

/** What changes with the engine's inner workings is pinned elsewhere. */
function withoutEngineDetails(text: string): string {
  return text
    .replace(/fingerprint [0-9a-f]{16}/g, 'fingerprint ................')
    .replace(/[0-9,]+ events/g, 'N events')
}

describe('the command line', () => {
  test.each(CASES)('%s', async (name) => {
    const directory = join(ROOT, name)
    const golden: Case = JSON.parse(readFileSync(join(directory, 'case.json'), 'utf8'))
    const outcome = await inTemporaryDirectory(
      (cwd) => call(cwd, golden.words, golden.stdin === undefined ? {} : { stdin: golden.stdin }),
      directory,
    )
    for (const stream of ['stdout', 'stderr'] as const) {
      const path = join(directory, `expected-${stream}.txt`)
      const text = withoutEngineDetails(outcome[stream])
      if (IS_UPDATE) writeFileSync(path, text)
      expect(text).toBe(readFileSync(path, 'utf8'))
    }
    expect(outcome.exitCode).toBe(golden.exitCode)
  })
})
