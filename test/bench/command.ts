import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'

const ROOT = join(import.meta.dirname, '../..')

export interface CommandResult {
  /** User and system time of the whole process, start-up included. */
  readonly cpuSeconds: number
  readonly peakMegabytes: number
  readonly summary: readonly Readonly<Record<string, string>>[]
}

/** Runs the built command line on a scenario in a process of its own. */
export function runCommand(scenario: string, options: readonly string[] = []): CommandResult {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  try {
    const file = join(folder, 'scenario.yaml')
    const measure = join(folder, 'measure.json')
    writeFileSync(file, scenario)
    const { status, stderr } = spawnSync(
      process.execPath,
      [
        ...['--require', join(import.meta.dirname, 'measure.cjs')],
        join(ROOT, 'dist/cli/main.js'),
        ...['run', file, '--quiet', '--out', join(folder, 'out'), ...options],
      ],
      { encoding: 'utf8', env: { ...process.env, SPILLWAY_MEASURE: measure } },
    )
    if (status !== 0) throw new Error(`the command ended with ${status}: ${stderr}`)
    const { cpuUs, maxRSS } = JSON.parse(readFileSync(measure, 'utf8'))
    const summary = parse(readFileSync(join(folder, 'out/summary.csv')), { columns: true })
    return {
      cpuSeconds: cpuUs / 1e6,
      peakMegabytes: maxRSS / 1024,
      summary: summary as Record<string, string>[],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
