import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InvariantViolation, StandstillError } from '../../src/kernel/invariant.ts'
import { call, inTemporaryDirectory, STEADY, THROTTLED } from './harness.ts'

const RESULT_FILES = ['cost.csv', 'ledger.csv', 'metrics.csv', 'run.json', 'summary.csv']

/** Calls `run` beside a scenario file; `look` sees the directory before it goes. */
function runIn<Result>(
  scenario: string,
  words: readonly string[],
  look: (directory: string, outcome: Awaited<ReturnType<typeof call>>) => Result,
  options: Parameters<typeof call>[2] = {},
): Promise<Result> {
  return inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, 'scenario.yaml'), scenario)
    return look(directory, await call(directory, ['run', 'scenario.yaml', ...words], options))
  })
}

function contents(directory: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
  )
}

describe('run --out DIR', () => {
  test('writes the four result files and nothing else, and says where', () =>
    runIn(STEADY, ['--out', 'a/b'], (directory, { exitCode, stderr }) => {
      expect(exitCode).toBe(0)
      expect(readdirSync(join(directory, 'a/b')).sort()).toEqual(RESULT_FILES)
      expect(stderr).toBe(
        'Wrote metrics.csv, summary.csv, ledger.csv, cost.csv and run.json to a/b\n',
      )
    }))

  test('the ledger balances: outcomes add up to what entered', () =>
    runIn(THROTTLED, ['--out', 'out'], (directory) => {
      const [header, ...lines] = readFileSync(join(directory, 'out/ledger.csv'), 'utf8')
        .trimEnd()
        .split('\n')
      expect(header).toBe('scope,name,outcome,count')
      expect(lines).toEqual([
        'traffic,visitors,entered,6000',
        'traffic,visitors,succeeded,2999',
        'traffic,visitors,throttled,3000',
        'traffic,visitors,inFlight,1',
      ])
    }))

  test('metrics.csv has every period and, per period, at most the rows that validate names', () =>
    runIn(STEADY, ['--out', 'out'], (directory) => {
      const [header, ...lines] = readFileSync(join(directory, 'out/metrics.csv'), 'utf8')
        .trimEnd()
        .split('\n')
      expect(header).toBe('replication,time_s,scope,name,metric,statistic,unit,value')
      expect(lines.length).toBeLessThanOrEqual(340)
      const invocations = lines.filter((line) => line.includes(',Invocations,sum,'))
      expect(invocations).toEqual(
        Array.from(
          { length: 10 },
          (_, minute) => `0,${minute * 60},function,api,Invocations,sum,count,600`,
        ),
      )
    }))

  test('with --metrics all, metrics.csv has every replication', () =>
    runIn(STEADY, ['--out', 'out', '--replications', '2', '--metrics', 'all'], (directory) => {
      const text = readFileSync(join(directory, 'out/metrics.csv'), 'utf8')
      expect(text).toContain('\n0,540,function,api,Invocations,sum,count,600\n')
      expect(text).toContain('\n1,540,function,api,Invocations,sum,count,600\n')
    }))

  test('with --statistics all, metrics.csv has every statistic', () =>
    runIn(STEADY, ['--out', 'out', '--statistics', 'all'], (directory) => {
      const text = readFileSync(join(directory, 'out/metrics.csv'), 'utf8')
      expect(text).toContain('\n0,0,function,api,Duration,p99.9,ms,50\n')
    }))

  test('run.json says what ran, on what it rests and what came of the thresholds', () =>
    runIn(
      `${THROTTLED}thresholds: [api.Throttles.share < 0.1%]\n`,
      ['--out', 'out', '--seed', 'seven'],
      (directory, { exitCode }) => {
        expect(exitCode).toBe(99)
        const run = JSON.parse(readFileSync(join(directory, 'out/run.json'), 'utf8'))
        expect(run).toMatchObject({
          schemaVersion: 1,
          scenario: { name: 'throttled', digest: expect.stringMatching(/^[0-9a-f]{16}$/) },
          seed: 'seven',
          replications: 1,
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          status: 'complete',
          durationSeconds: 600,
          throttles: [{ function: 'api', cause: 'reserved-concurrency', count: 3000 }],
          thresholds: [
            {
              threshold: 'api.Throttles.share < 0.1%',
              verdict: 'failed',
              value: 0.5,
              margin: -0.499,
            },
          ],
        })
        expect(run.assumptions.length).toBeGreaterThan(0)
        expect(run.headroom).toContainEqual({
          limit: 'reserved concurrency',
          scope: 'function',
          name: 'api',
          used: 1,
          available: 1,
        })
      },
    ))

  test('the same run twice gives the same bytes, and --out - the same summary', async () => {
    const poisson = STEADY.replace('process: constant, ', '')
    const files = (directory: string) => contents(join(directory, 'out'), RESULT_FILES)
    const first = await runIn(poisson, ['--out', 'out'], files)
    expect(await runIn(poisson, ['--out', 'out'], files)).toEqual(first)
    const printed = await runIn(poisson, ['--out', '-'], (_directory, { stdout }) => stdout)
    expect(printed).toBe(first['summary.csv'])
    const otherSeed = await runIn(poisson, ['--out', 'out', '--seed', '2'], files)
    expect(otherSeed['summary.csv']).not.toBe(first['summary.csv'])
  })

  test('replaces earlier results and leaves other files alone', () =>
    inTemporaryDirectory(async (directory) => {
      writeFileSync(join(directory, 'scenario.yaml'), STEADY)
      mkdirSync(join(directory, 'out'))
      writeFileSync(join(directory, 'out/ledger.csv'), 'old')
      writeFileSync(join(directory, 'out/notes.txt'), 'mine')
      await call(directory, ['run', 'scenario.yaml', '--out', 'out'])
      expect(readdirSync(join(directory, 'out')).sort()).toEqual(
        [...RESULT_FILES, 'notes.txt'].sort(),
      )
      expect(readFileSync(join(directory, 'out/notes.txt'), 'utf8')).toBe('mine')
      expect(readFileSync(join(directory, 'out/ledger.csv'), 'utf8')).toMatch(/^scope,/)
    }))

  test('writes nothing at all when the scenario is invalid', () =>
    runIn(
      STEADY.replace('10/s', '-10/s'),
      ['--out', 'a/b', '--invocations', 'attempts.csv'],
      (directory, { exitCode }) => {
        expect(exitCode).toBe(2)
        expect(readdirSync(directory)).toEqual(['scenario.yaml'])
      },
    ))

  test('refuses a directory that is a file', () =>
    runIn(STEADY, ['--out', 'scenario.yaml'], (directory, { exitCode, stdout, stderr }) => {
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(
        /^spillway: cannot write to scenario\.yaml: it is a file, not a directory\n/,
      )
      expect(readdirSync(directory)).toEqual(['scenario.yaml'])
    }))

  test('refuses a result file that is a directory, and leaves nothing behind', () =>
    inTemporaryDirectory(async (directory) => {
      writeFileSync(join(directory, 'scenario.yaml'), STEADY)
      mkdirSync(join(directory, 'out/summary.csv'), { recursive: true })
      const outcome = await call(directory, ['run', 'scenario.yaml', '--out', 'out'])
      expect(outcome.exitCode).toBe(2)
      expect(outcome.stderr).toMatch(
        /^spillway: cannot write out\/summary\.csv: it is a directory\n/,
      )
      expect(readdirSync(join(directory, 'out'))).toEqual(['summary.csv'])
    }))
})

describe('run --invocations FILE', () => {
  test('has a row per attempt whose parts add up to its latency', () =>
    runIn(THROTTLED, ['--invocations', 'attempts.csv'], (directory, { stderr }) => {
      expect(stderr).toBe('Wrote 5,999 attempts to attempts.csv\n')
      const [header, ...lines] = readFileSync(join(directory, 'attempts.csv'), 'utf8')
        .trimEnd()
        .split('\n')
      expect(header).toMatch(
        /^replication,time_s,traffic,request,attempt,.*,environment,queued_ms,.*,latency_ms,elapsed_ms,abandoned_ms,duration_ms$/,
      )
      // The last request is still in flight when the run ends: its fate is not known.
      expect(lines).toHaveLength(5_999)
      expect(lines[0]).toBe(
        '0,0.15,visitors,1,1,true,api,,throttled,ReservedFunctionConcurrentInvocationLimitExceeded,,,,,-1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0',
      )
      for (const line of lines) {
        const times = line.split(',').slice(15, -3).map(Number)
        const latency = times.pop()
        expect(times.reduce((sum, part) => sum + part, 0)).toBe(latency)
      }
    }))

  test('refuses standard output, which has the summary', () =>
    runIn(STEADY, ['--invocations', '-'], (_directory, { exitCode, stderr }) => {
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^spillway: --invocations takes a file/)
    }))

  test('makes the directories above it', () =>
    runIn(
      STEADY,
      ['--out', 'o', '--invocations', 'o/deep/attempts.csv'],
      (directory, { exitCode }) => {
        expect(exitCode).toBe(0)
        expect(readdirSync(join(directory, 'o')).sort()).toEqual([...RESULT_FILES, 'deep'].sort())
        expect(readdirSync(join(directory, 'o/deep'))).toEqual(['attempts.csv'])
      },
    ))

  test('whose directories go again when nothing is kept', () =>
    inTemporaryDirectory(async (directory) => {
      writeFileSync(join(directory, 'scenario.yaml'), STEADY)
      mkdirSync(join(directory, 'out/summary.csv'), { recursive: true })
      const words = ['--out', 'out', '--invocations', 'a/b/attempts.csv']
      const { exitCode } = await call(directory, ['run', 'scenario.yaml', ...words])
      expect(exitCode).toBe(2)
      expect(readdirSync(directory).sort()).toEqual(['out', 'scenario.yaml'])
    }))

  test('refuses the name of another result', () =>
    runIn(STEADY, ['--out', 'o', '--invocations', 'o/../o/ledger.csv'], (directory, outcome) => {
      expect(outcome.exitCode).toBe(2)
      expect(outcome.stderr).toMatch(/^spillway: cannot write .*: another result has this name\n/)
      expect(readdirSync(directory)).toEqual(['scenario.yaml'])
    }))
})

describe('an input is never overwritten', () => {
  const TRACED = STEADY.replace(
    '{ to: api, process: constant, rate: 10/s }',
    '{ to: api, trace: metrics.csv }',
  ).replace('{ duration: 50ms }', '{ duration: { empirical: { file: times.txt } } }')
  const INPUTS = {
    'scenario.yaml': TRACED,
    'metrics.csv': 'time_s\n0\n1.5\n3\n',
    'times.txt': '50ms\n60ms\n',
  }

  function refused(words: readonly string[], shownAs: string) {
    return inTemporaryDirectory(async (directory) => {
      for (const [name, text] of Object.entries(INPUTS)) writeFileSync(join(directory, name), text)
      symlinkSync('scenario.yaml', join(directory, 'link.yaml'))
      const before = readdirSync(directory)
      const { exitCode, stdout, stderr } = await call(directory, ['run', 'scenario.yaml', ...words])
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: `spillway: cannot write ${shownAs}: the scenario is read from it\nspillway: see spillway --help\n`,
      })
      expect(readdirSync(directory)).toEqual(before)
      expect(contents(directory, Object.keys(INPUTS))).toEqual(INPUTS)
    })
  }

  test.each(['scenario.yaml', './scenario.yaml', 'link.yaml', 'metrics.csv', 'times.txt'])(
    'by --invocations %s',
    (name) => refused(['--invocations', name], name),
  )

  test('by --out', () => refused(['--out', '.'], 'metrics.csv'))
})

describe('an interrupted run', () => {
  /** So many events that the first slice cannot end the run. */
  const LONG = STEADY.replace('rate: 10/s', 'rate: 2000/s').replace('10m', '60m')
  const aborted = () => {
    const abort = new AbortController()
    abort.abort()
    return { signal: abort.signal }
  }

  test('keeps what is finished, says so and exits with 130', () =>
    runIn(
      LONG,
      ['--out', 'out', '--invocations', 'attempts.csv'],
      (directory, { exitCode, stdout, stderr }) => {
        expect(exitCode).toBe(130)
        expect(stdout).toMatch(/^≈ Interrupted at .+ of 1h: these are the figures until then\.\n/)
        expect(stderr).toMatch(
          /^Interrupted after .+ of 1h: what was finished is shown and written\.\n/,
        )
        expect(readdirSync(join(directory, 'out')).sort()).toEqual(RESULT_FILES)
        expect(existsSync(join(directory, 'attempts.csv'))).toBe(true)
        const run = JSON.parse(readFileSync(join(directory, 'out/run.json'), 'utf8'))
        expect(run.status).toBe('interrupted')
        expect(run.simulatedSeconds).toBeLessThan(3_600)
      },
      aborted(),
    ))

  test('in the first of several replications shows that one until then', () =>
    runIn(
      LONG,
      ['--replications', '3', '--format', 'csv'],
      (_directory, { exitCode, stderr }) => {
        expect(exitCode).toBe(130)
        expect(stderr).toMatch(
          /^Interrupted after .+ of 1h, of 3 replications: what was finished is shown\.\n/,
        )
      },
      aborted(),
    ))
})

/** Comes at the look after the first `looks` ones. */
function interruptAfter(looks: number) {
  let count = 0
  const signal = Object.defineProperty({}, 'aborted', {
    get: () => ++count > looks,
  }) as AbortSignal
  return { signal, looks: () => count }
}

test('interrupted in a later replication, the files end with the last whole one', async () => {
  // Its events do not fit into one slice, so that there is a look in the midst of a replication.
  const long = STEADY.replace('rate: 10/s', 'rate: 180/s')
  const files = ['out/metrics.csv', 'out/ledger.csv', 'attempts.csv']
  const words = ['--out', 'out', '--metrics', 'all', '--invocations', 'attempts.csv']
  const first = interruptAfter(Number.POSITIVE_INFINITY)
  const whole = await runIn(
    long,
    words,
    (directory, { exitCode, stderr }) => ({ exitCode, stderr, ...contents(directory, files) }),
    first,
  )
  expect(whole.exitCode).toBe(0)
  await runIn(
    long,
    [...words, '--replications', '3'],
    (directory, { exitCode, stderr }) => {
      expect(exitCode).toBe(130)
      expect(stderr).toBe(
        `Interrupted after 1 replication, of 3 replications: what was finished is shown and written.\n${whole.stderr}`,
      )
      for (const [name, text] of Object.entries(contents(directory, files))) {
        expect(text === whole[name as keyof typeof whole], name).toBe(true)
      }
    },
    interruptAfter(first.looks()),
  )
})

/** Read in the midst of a run, where it breaks what cannot break. */
const BROKEN_SIGNAL = Object.defineProperty({}, 'aborted', {
  get: () => {
    throw new InvariantViolation('2 environments are busy and 1 is the limit')
  },
}) as AbortSignal

test('a defect exits with 1, asks for a report and leaves no file', () =>
  runIn(
    STEADY,
    ['--out', 'out'],
    (directory, { exitCode, stderr }) => {
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(
        /^spillway: this is a defect of spillway, not of your scenario:\n2 environments are busy/,
      )
      expect(stderr).toContain('Please report it')
      expect(readdirSync(directory)).toEqual(['scenario.yaml'])
    },
    { signal: BROKEN_SIGNAL },
  ))

test('a scenario in which time stands still is no defect', () => {
  const signal = Object.defineProperty({}, 'aborted', {
    get: () => {
      throw new StandstillError('visitors send requests without end at 5s')
    },
  }) as AbortSignal
  return runIn(
    STEADY,
    ['--out', 'out'],
    (directory, { exitCode, stderr }) => {
      expect(exitCode).toBe(2)
      expect(stderr).toMatch(/^spillway: visitors send requests without end at 5s.*\n$/)
      expect(readdirSync(directory)).toEqual(['scenario.yaml'])
    },
    { signal },
  )
})

describe('standard output and standard error', () => {
  test('json has the whole result but the time series', () =>
    runIn(STEADY, ['--format', 'json'], (_directory, { exitCode, stdout, stderr }) => {
      expect(exitCode).toBe(0)
      expect(stderr).toBe('')
      const result = JSON.parse(stdout)
      expect(result.summary).toContainEqual({
        scope: 'function',
        name: 'api',
        metric: 'Invocations',
        statistic: 'sum',
        unit: 'count',
        value: 6000,
        ci95Low: null,
        ci95High: null,
      })
      expect(result.metrics).toBeUndefined()
    }))

  test('formats without warnings in them leave these to standard error', () =>
    runIn(
      STEADY.replace('    coldStart: none\n', ''),
      ['--format', 'csv'],
      (_directory, { stdout, stderr }) => {
        expect(stdout).toMatch(/^scope,name,metric/)
        expect(stderr).toMatch(/^warning: functions\.api: init is an empty function's/)
      },
    ))

  test('--quiet leaves results and errors only', () =>
    runIn(
      STEADY.replace('    coldStart: none\n', ''),
      ['--format', 'csv', '--out', 'out', '--quiet'],
      (_directory, { stdout, stderr }) => {
        expect(stdout).toMatch(/^scope,name,metric/)
        expect(stderr).toBe('')
      },
    ))

  const ESCAPE = String.fromCharCode(27)

  test('a terminal gets colours', () =>
    runIn(STEADY, [], (_directory, { stdout }) => expect(stdout).toContain(ESCAPE), {
      isTerminal: true,
    }))

  test.each([
    ['a pipe', [], { isTerminal: false }],
    ['NO_COLOR', [], { isTerminal: true, environment: { NO_COLOR: '1' } }],
    ['a dumb terminal', [], { isTerminal: true, environment: { TERM: 'dumb' } }],
    ['--no-color', ['--no-color'], { isTerminal: true }],
  ])('%s gets none', (_name, words, options) =>
    runIn(STEADY, words, (_directory, { stdout }) => expect(stdout).not.toContain(ESCAPE), options),
  )

  test('colours change no character of the text', async () => {
    const withColour = await runIn(THROTTLED, [], (_directory, { stdout }) => stdout, {
      isTerminal: true,
    })
    const without = await runIn(THROTTLED, [], (_directory, { stdout }) => stdout)
    expect(withColour.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '')).toBe(without)
  })
})
