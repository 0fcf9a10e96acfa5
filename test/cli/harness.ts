import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommandLine } from '../../src/cli/application.ts'

export interface Outcome {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CallOptions {
  readonly stdin?: string
  readonly signal?: AbortSignal
  readonly environment?: Readonly<Record<string, string>>
  readonly isTerminal?: boolean
}

/** A directory of its own, made from `template` where one is given, gone after `use`. */
export async function inTemporaryDirectory<Result>(
  use: (directory: string) => Promise<Result>,
  template?: string,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-test-'))
  try {
    if (template !== undefined) cpSync(template, directory, { recursive: true })
    return await use(directory)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Runs a command line in this process, as `main.ts` would. */
export async function call(
  cwd: string,
  words: readonly string[],
  options: CallOptions = {},
): Promise<Outcome> {
  const written = { stdout: '', stderr: '' }
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text
    },
    isTerminal: options.isTerminal ?? false,
    columns: 80,
    stream: null,
  })
  const exitCode = await runCommandLine(words, {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    readStdin: async () => new TextEncoder().encode(options.stdin ?? ''),
    cwd,
    environment: options.environment ?? {},
    signal: options.signal ?? new AbortController().signal,
  })
  return { exitCode, ...written }
}

/** Steady requests of equal length to one function: every figure can be said in advance. */
export const STEADY = `name: steady
duration: 10m
account: { region: us-east-1 }
functions:
  api:
    runtime: nodejs22.x
    timeout: 3s
    handler: { duration: 50ms }
    coldStart: none
    keepAlive: { policy: fixed, idleTimeout: 10m }
traffic:
  visitors: { to: api, process: constant, rate: 10/s }
`

/** The same against a reserved concurrency that is too small, so that half is refused. */
export const THROTTLED = STEADY.replace('name: steady', 'name: throttled').replace(
  '    timeout: 3s\n    handler: { duration: 50ms }',
  '    timeout: 3s\n    reservedConcurrentExecutions: 1\n    handler: { duration: 150ms }',
)
