/**
 * Scenarios whose every moment can be worked out by hand: requests at named instants, constant
 * durations, nothing drawn.
 */
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import { type RunOptions, type RunView, run, stateAt } from './run.ts'

type Parts = Readonly<Record<string, unknown>>

/** A function without cold starts whose handler takes one second; environments stay an hour. */
export function lambda(keys: Parts = {}): Parts {
  return {
    runtime: 'nodejs22.x',
    timeout: '15m',
    handler: { duration: '1s' },
    coldStart: 'none',
    keepAlive: { policy: 'fixed', idleTimeout: '1h' },
    ...keys,
  }
}

const MARK = 'requests at '

/** Traffic that comes exactly at these seconds; `200 x 1.5` stands for 200 requests at 1.5. */
export function at(to: string, ...times: readonly (number | string)[]): Parts {
  return { to, trace: { file: `${MARK}${times.join(', ')}`, format: 'times' } }
}

/** The same instant `count` times over, for `at`. */
export function times(count: number, seconds: number): string {
  return `${count} x ${seconds}`
}

function rowsOf(path: string): string {
  if (!path.startsWith(MARK)) throw new Error(`the test has no file ${path}`)
  const rows = ['time_s']
  for (const item of path.slice(MARK.length).split(', ')) {
    const [count, seconds] = item.includes(' x ') ? item.split(' x ') : ['1', item]
    for (let copy = 0; copy < Number(count); copy++) rows.push(seconds ?? '')
  }
  return `${rows.join('\n')}\n`
}

/** The traces that `at` names carry their content in their name. */
const FILES: ScenarioFiles = {
  readText: async (path) => rowsOf(path),
  readChunks: async function* (path) {
    yield new TextEncoder().encode(rowsOf(path))
  },
}

/** A minute in us-east-1 in periods of ten seconds, with these parts instead or in addition. */
export function exact(parts: Parts): Parts {
  return {
    name: 'exact',
    duration: '1m',
    metricsPeriod: '10s',
    account: { region: 'us-east-1' },
    ...parts,
  }
}

export function runExact(parts: Parts, options: RunOptions = {}): Promise<RunView> {
  return run(exact(parts), { files: FILES, ...options })
}

/** The state at an instant, before what happens at it. */
export function stateOf(parts: Parts, atSeconds: number, options: RunOptions = {}) {
  const atUs = Math.round(atSeconds * 1_000_000)
  return stateAt(exact(parts), atUs, { files: FILES, ...options })
}
