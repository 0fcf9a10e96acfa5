/** The program as a process: bundled as it would be built, started as a person would. */
import { spawn, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { VERSION } from '../../src/experiment/version.ts'
import { inTemporaryDirectory, STEADY } from './harness.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
// Inside node_modules, so that the packages are found from there.
const BUILT = join(ROOT, 'node_modules', `.spillway-cli-${process.pid}`)

beforeAll(async () => {
  mkdirSync(BUILT, { recursive: true })
  await build({
    entryPoints: [join(ROOT, 'src/cli/main.ts')],
    outdir: BUILT,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
})

afterAll(() => rmSync(BUILT, { recursive: true, force: true }))

function start(cwd: string, words: readonly string[]) {
  const child = spawn(process.execPath, [join(BUILT, 'main.mjs'), ...words], { cwd })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => (written.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => (written.stderr += String(chunk)))
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>(
    (resolve) => child.on('close', (exitCode) => resolve({ exitCode, ...written })),
  )
  return { child, ended }
}

test('the version is that of package.json, in both places', async () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(VERSION).toBe(version)
  const { exitCode, stdout } = await start(ROOT, ['--version']).ended
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${version}\n` })
})

test('a scenario on standard input runs, with the summary on standard output', () =>
  inTemporaryDirectory(async (directory) => {
    const { child, ended } = start(directory, ['run', '-', '--out', '-'])
    child.stdin.end(STEADY)
    const { exitCode, stdout, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^scope,name,metric,statistic,unit,value\n/)
  }))

test('an invalid scenario exits with 2 and writes nothing', () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, 'broken.yaml'), 'name: [')
    const { exitCode, stdout, stderr } = await start(directory, [
      'run',
      'broken.yaml',
      '--out',
      'out',
    ]).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^broken\.yaml:1:\d+: /)
    expect(readdirSync(directory)).toEqual(['broken.yaml'])
  }))

test('Ctrl-C keeps what is finished, and no temporary file stays', () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(
      join(directory, 'long.yaml'),
      STEADY.replace('10m', '300d').replace('10/s', '5000/s'),
    )
    const { child, ended } = start(directory, ['run', 'long.yaml', '--out', 'out'])
    await until(
      () => existsSync(join(directory, 'out')) && readdirSync(join(directory, 'out')).length === 5,
    )
    child.kill('SIGINT')
    const { exitCode, stderr } = await ended
    expect(exitCode).toBe(130)
    expect(stderr).toContain('what was finished is shown and written')
    expect(readdirSync(join(directory, 'out')).sort()).toEqual([
      'cost.csv',
      'ledger.csv',
      'metrics.csv',
      'run.json',
      'summary.csv',
    ])
  }))

test.runIf(existsSync('/dev/full'))('a full disk behind standard output is told in one line', () =>
  inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, 'steady.yaml'), STEADY)
    const full = openSync('/dev/full', 'w')
    try {
      const { status, stderr } = spawnSync(
        process.execPath,
        [join(BUILT, 'main.mjs'), 'run', 'steady.yaml'],
        { cwd: directory, stdio: ['ignore', full, 'pipe'], encoding: 'utf8' },
      )
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'spillway: cannot write to standard output: the disk is full\n',
      })
    } finally {
      closeSync(full)
    }
  }),
)

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const poll = () => (holds() ? resolve() : setTimeout(poll, 10))
    poll()
  })
}
