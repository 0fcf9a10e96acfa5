import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory, STEADY } from './harness.ts'

/** Calls a command beside `scenario.yaml`. */
function callIn(words: readonly string[]) {
  return inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, 'scenario.yaml'), STEADY)
    const outcome = await call(directory, words)
    return { ...outcome, files: readdirSync(directory) }
  })
}

const SEE_HELP = 'spillway: see spillway --help\n'

async function expectRefusal(words: readonly string[], message: string) {
  expect(await callIn(words)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `spillway: ${message}\n${SEE_HELP}`,
    files: ['scenario.yaml'],
  })
}

describe('an option without its value is a fault of the call', () => {
  test.each([
    ['--out', ['--out']],
    ['-o', ['-o']],
    ['--seed', ['--seed']],
    ['--seed', ['--seed', '--quiet']],
    ['--set', ['--set']],
    ['--set', ['--set', '--seed', '3']],
    ['--replications', ['--replications']],
    ['--format', ['--format']],
    ['--invocations', ['--invocations']],
  ])('%s of run: %j', (option, words) =>
    expectRefusal(['run', 'scenario.yaml', ...words], `${option} needs a value`),
  )

  test('--at of explain', () =>
    expectRefusal(['explain', 'scenario.yaml', '--at'], '--at needs a value'))

  test.each(['out', 'invocations', 'seed', 'replications'])('--%s= has an empty one', (option) =>
    expectRefusal(['run', 'scenario.yaml', `--${option}=`], `--${option} needs a value`),
  )

  test('an empty word is an empty value', () =>
    expectRefusal(['run', 'scenario.yaml', '--out', ''], '--out needs a value'))

  test('the scenario has a name', () =>
    expectRefusal(['run', ''], 'the name of the scenario is empty'))
})

describe('a switch takes no value', () => {
  test.each(['--quiet=maybe', '-q=maybe', '--strict=5', '--no-color=x', '--help=3', '--strict='])(
    '%s',
    (word) => {
      const [name, value] = word.split('=')
      return expectRefusal(
        ['run', 'scenario.yaml', word],
        `${name} is a switch and takes no value, not ${value}`,
      )
    },
  )

  test('but true and false', async () => {
    const { exitCode } = await callIn(['run', 'scenario.yaml', '--quiet=true', '--strict=false'])
    expect(exitCode).toBe(0)
  })
})

describe('a seed on the command line is what it is in a scenario', () => {
  test.each(['1.5', 'true', '~', '[1]', '99999999999999999999'])('%s is none', (seed) =>
    expectRefusal(
      ['run', 'scenario.yaml', '--seed', seed],
      `--seed takes a whole number or a word, not ${seed}`,
    ),
  )

  test.each(['7', '007', '-5', '0x10', 'seven'])('%s is one', (seed) =>
    inTemporaryDirectory(async (directory) => {
      writeFileSync(join(directory, 'scenario.yaml'), STEADY)
      writeFileSync(join(directory, 'seeded.yaml'), `${STEADY}seed: ${seed}\n`)
      const json = ['--format', 'json']
      const given = await call(directory, ['run', 'scenario.yaml', '--seed', seed, ...json])
      const written = await call(directory, ['run', 'seeded.yaml', ...json])
      expect(given.exitCode).toBe(0)
      expect(JSON.parse(given.stdout).seed).toBe(JSON.parse(written.stdout).seed)
    }),
  )
})

describe('--out - is the summary as CSV', () => {
  test.each(['json', 'text', 'markdown'])('and refuses --format %s', (format) =>
    expectRefusal(
      ['run', 'scenario.yaml', '--out', '-', '--format', format],
      `--out - writes the summary as CSV: it does not go with --format ${format}`,
    ),
  )

  test('and goes with --format csv', async () => {
    const { exitCode, stdout } = await callIn([
      ...['run', 'scenario.yaml', '--out', '-'],
      ...['--format', 'csv'],
    ])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^scope,name,metric/)
  })
})

describe('an option of another command', () => {
  test.each([
    ['validate', '--out'],
    ['validate', '--replications'],
    ['explain', '--out'],
    ['explain', '--replications'],
  ])('%s %s names the command that has it', (command, option) =>
    expectRefusal(
      [command, 'scenario.yaml', option, '5'],
      `${command} has no ${option}: it belongs to run and compare`,
    ),
  )
})

describe('--format json of the commands that run nothing', () => {
  const json = ['--format', 'json']

  test('validate says what a valid scenario simulates', async () => {
    const { exitCode, stdout, stderr } = await callIn(['validate', 'scenario.yaml', ...json])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      valid: true,
      diagnostics: [],
      simulates: { name: 'steady', durationSeconds: 600, requests: 6000, functionCount: 1 },
    })
  })

  test('validate says every problem of an invalid one, with an override too', async () => {
    const set = ['--set', 'duration=5']
    const outcome = await callIn(['validate', 'scenario.yaml', ...set, ...json])
    expect(outcome.exitCode).toBe(2)
    expect(outcome.stderr).toMatch(/^scenario\.yaml:2:\d+: --set duration=5: /)
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      valid: false,
      diagnostics: [{ line: 2, message: expect.stringContaining('has no unit') }],
    })
  })

  test('validate says that there is no file', async () => {
    const { stdout } = await callIn(['validate', 'nowhere.yaml', ...json])
    expect(JSON.parse(stdout)).toEqual({
      valid: false,
      diagnostics: [{ line: 1, column: 1, message: 'there is no such file' }],
    })
  })

  test('explain has the load and the limits', async () => {
    const { exitCode, stdout } = await callIn(['explain', 'scenario.yaml', '--seed', '3', ...json])
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'steady',
      producers: [{ name: 'visitors', requests: 6000, peakRatePerSecond: 10 }],
      functions: [{ name: 'api', meanDurationUs: 50_000, peakConcurrency: 0.5 }],
    })
  })

  test('explain --at has the state at that instant', async () => {
    const words = ['explain', 'scenario.yaml', '--at', '2m', ...json]
    const { exitCode, stdout } = await callIn(words)
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'steady',
      atSeconds: 120,
      functions: [{ name: 'api', environments: 1, throttles: [] }],
    })
  })
  test('what is unlimited is null', async () => {
    const set = ['--set', 'functions.api.scalingRate=unlimited']
    const { stdout } = await callIn(['explain', 'scenario.yaml', '--at', '2m', ...set, ...json])
    expect(JSON.parse(stdout)).toMatchObject({ functions: [{ scalingTokens: null }] })
  })
})
