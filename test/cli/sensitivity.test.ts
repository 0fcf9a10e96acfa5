import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory } from './harness.ts'

const JOB = `name: job
duration: 1h
account: { region: us-east-1 }
functions:
  job:
    runtime: nodejs22.x
    memorySize: 512
    handler: { duration: 200ms }
    coldStart: { init: 600ms }
    events: { clock: { type: schedule, schedule: rate(8 minutes) } }
thresholds: [job.ColdStarts.share < 20%]
`

function callIn(words: readonly string[], text = JOB) {
  return inTemporaryDirectory(async (directory) => {
    writeFileSync(join(directory, 'job.yaml'), text)
    const outcome = await call(directory, ['run', ...words])
    const read = (name: string) => readFileSync(join(directory, 'results', name), 'utf8')
    const results = readdirSync(directory).includes('results')
      ? readdirSync(join(directory, 'results'))
      : []
    return { ...outcome, files: results.map((name) => ({ name, text: read(name) })) }
  })
}

interface SensitivityDocument {
  readonly holds: boolean
  readonly status: string
  readonly asWritten: { readonly assumptions: readonly object[] }
  readonly alternatives: readonly { readonly label: string; readonly changes: readonly object[] }[]
}

describe('run --sensitivity', () => {
  test('ends as the run does, whatever an alternative would do', async () => {
    expect((await callIn(['job.yaml', '--sensitivity'])).exitCode).toBe(99)
    const loose = JOB.replace('< 20%', '> 20%')
    const { exitCode, stdout } = await callIn(['job.yaml', '--sensitivity'], loose)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('failed instead of passed')
  })

  test('takes --set, --seed and --replications as a run does', async () => {
    const words = ['job.yaml', '--sensitivity', '--seed', '9', '--replications', '2']
    const { stdout } = await callIn([
      ...words,
      '--set',
      'functions.job.keepAlive={ policy: fixed, idleTimeout: 9m }',
    ])
    expect(stdout).toContain('means of 2 replications')
    expect(stdout).not.toContain('keep-alive')
  })

  test('stays within 80 columns', async () => {
    const { stdout } = await callIn(['job.yaml', '--sensitivity'])
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  })

  test('says in JSON which alternatives change what, and what it set', async () => {
    const { stdout } = await callIn(['job.yaml', '--sensitivity', '--format', 'json'])
    const document: SensitivityDocument = JSON.parse(stdout)
    expect(document).toMatchObject({ holds: false, status: 'complete' })
    expect(document.alternatives.find(({ label }) => label === 'as of 2018-01')).toMatchObject({
      assumption: 'keep-alive',
      set: { 'functions.job.keepAlive': { policy: 'preset', platform: '2018-01' } },
      changes: [{ kind: 'threshold', from: 'failed', to: 'passed' }],
    })
    for (const assumption of document.asWritten.assumptions) {
      expect(assumption).not.toHaveProperty('alternatives')
    }
  })

  test('has one CSV row for each fact and threshold of each run, none with a comma inside', async () => {
    const { stdout } = await callIn(['job.yaml', '--sensitivity', '--format', 'csv'])
    const [head, ...rows] = stdout.trim().split('\n')
    expect(head).toBe('assumption,alternative,kind,subject,outcome,changed,value,unit')
    for (const row of rows) expect(row.split(',')).toHaveLength(8)
    expect(rows).toContain(',,threshold,job.ColdStarts.share < 20%,failed,false,1,ratio')
    expect(rows.filter((row) => row.includes(',true,')).length).toBe(4)
  })

  test('writes files of its own, and says so', async () => {
    const { files, stderr, stdout } = await callIn(['job.yaml', '--sensitivity', '-o', 'results'])
    expect(files.map(({ name }) => name).sort()).toEqual([
      'sensitivity.csv',
      'sensitivity.json',
      'sensitivity.md',
    ])
    expect(stderr).toBe('Wrote sensitivity.csv, sensitivity.json and sensitivity.md to results\n')
    expect(stdout).toContain('change the outcome')
  })

  test('writes nothing where the scenario is invalid', async () => {
    const { exitCode, files, stderr } = await callIn(
      ['job.yaml', '--sensitivity', '-o', 'results'],
      JOB.replace('runtime', 'runtim'),
    )
    expect(exitCode).toBe(2)
    expect(files).toEqual([])
    expect(stderr).toContain('job.yaml:6:5: unknown key `runtim`')
  })

  test('says that nothing was tried where nothing is assumed that could be otherwise', async () => {
    const { stdout } = await callIn([
      'job.yaml',
      '--sensitivity',
      '--set',
      'functions.job.coldStart={ placement: 1ms, init: 1ms, firstInvocation: 1ms, handOver: busy }',
      '--set',
      'functions.job.keepAlive={ policy: fixed, idleTimeout: 9m }',
      '--set',
      'functions.job.idleSelection=random',
      '--set',
      'account.otherFunctions={ unreservedConcurrency: 5 }',
    ])
    expect(stdout).toContain('asynchronous-dispatch')
    expect(stdout).not.toContain('placement')
    expect(stdout).not.toContain('other-functions')
  })

  test.each([
    [['-', '--sensitivity'], 'standard input'],
    [['job.yaml', '--sensitivity', '--out', '-'], '--out -'],
    [['job.yaml', '--sensitivity', '--invocations', 'a.csv'], '--invocations'],
    [['job.yaml', '--sensitivity', '--metrics', 'all'], '--metrics all'],
    [['job.yaml', '--sensitivity', '--statistics', 'all'], '--statistics all'],
  ])('%j is a fault of the call', async (words, what) => {
    const { exitCode, stdout, stderr, files } = await callIn(words)
    expect({ exitCode, stdout, files }).toEqual({ exitCode: 2, stdout: '', files: [] })
    expect(stderr).toContain(`spillway: ${what} does not go with --sensitivity: `)
  })
})
