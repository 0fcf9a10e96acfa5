import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory, STEADY, THROTTLED } from './harness.ts'

const VARIANTS = `variants:
  same: { functions.api.timeout: 4s }
  slow: { functions.api.handler.duration: 80ms }
`

interface Result {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  readonly written: readonly string[]
}

/** Runs `compare` on files made for it; `written` is what it left beside them. */
function compareIn(
  files: Readonly<Record<string, string>>,
  words: readonly string[],
  signal?: AbortSignal,
): Promise<Result> {
  return inTemporaryDirectory(async (directory) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true })
      writeFileSync(join(directory, name), text)
    }
    const before = new Set(readdirSync(directory))
    const outcome = await call(directory, ['compare', ...words], signal ? { signal } : {})
    const written = readdirSync(directory).filter((name) => !before.has(name))
    return { ...outcome, written }
  })
}

describe('compare', () => {
  test('tells every fault of every variant and file at once, and writes nothing', async () => {
    const odd = `${STEADY}${VARIANTS}  odd: { functions.api.timeout: 9, functions.ipa.timeout: 9s }\n`
    const { exitCode, stdout, stderr, written } = await compareIn(
      { 'one.yaml': odd, 'two.yaml': STEADY.replace('timeout', 'timeot') },
      ['one.yaml', 'missing.yaml', 'two.yaml', '--out', 'results'],
    )
    expect({ exitCode, stdout, written }).toEqual({ exitCode: 2, stdout: '', written: [] })
    expect(stderr.match(/^[a-z.]+:\d+:\d+: .*$/gm)).toEqual([
      expect.stringMatching(/^one\.yaml:16:33: variant odd: `9` has no unit/),
      expect.stringMatching(/^one\.yaml:16:36: variant odd: there is no functions\.ipa/),
      'missing.yaml:1:1: there is no such file',
      expect.stringMatching(/^two\.yaml:7:5: unknown key `timeot`/),
    ])
  })

  test('tells files of one name apart, and that they are alike', async () => {
    const { stdout } = await compareIn({ 'a/shop.yaml': STEADY, 'b/shop.yaml': STEADY }, [
      'a/shop.yaml',
      'b/shop.yaml',
      'a/shop.yaml',
      '--replications',
      '2',
    ])
    expect(stdout).toMatch(/^≈ shop, shop-2 and shop-3 are the cheapest, without a/)
    expect(stdout).toContain('shop-2  It costs the same for the run, and leaves p99 as it is.')
  })

  test.each([
    [['-'], 'compare reads each file several times: name files'],
    [['s.yaml', '-'], 'compare reads each file several times: name files'],
    [['s.yaml', '--out', '-'], '--out - does not go with compare: --format csv writes its rows'],
    [['plain.yaml'], 'plain.yaml has no variants to compare'],
  ])('%j is a fault of the call', async (words, message) => {
    const files = { 's.yaml': `${STEADY}${VARIANTS}`, 'plain.yaml': STEADY }
    const { exitCode, stdout, stderr, written } = await compareIn(files, words)
    expect({ exitCode, stdout, written }).toEqual({ exitCode: 2, stdout: '', written: [] })
    expect(stderr).toContain(`spillway: ${message}`)
  })

  test('has a row of thirteen plain values for each value of each scenario', async () => {
    const { stdout } = await compareIn({ 's.yaml': `${STEADY}${VARIANTS}` }, [
      's.yaml',
      '--format',
      'csv',
    ])
    const rows = stdout.trim().split('\n')
    expect(rows.length).toBeGreaterThan(100)
    for (const row of rows) expect(row).toMatch(/^([^",]*,){12}[^",]+$/)
    expect(rows).toContain('slow,traffic,visitors,ClientLatency,p50,ms,80,80,80,30,30,30,higher')
  })

  test('crosses a threshold only where no scenario meets its own', async () => {
    const limit = 'thresholds: [api.Throttles.share < 10%]\n'
    const roomy = 'variants: { roomy: { functions.api.reservedConcurrentExecutions: 9 } }\n'
    const words = ['s.yaml', '--replications', '2']
    const met = await compareIn({ 's.yaml': `${THROTTLED}${limit}${roomy}` }, words)
    expect(met.exitCode).toBe(0)
    const none = roomy.replace('reservedConcurrentExecutions: 9', 'timeout: 5s')
    const crossed = await compareIn({ 's.yaml': `${THROTTLED}${limit}${none}` }, words)
    expect(crossed.exitCode).toBe(99)
    expect(crossed.stdout).toMatch(/^✗ None meets every threshold\./)
  })

  test('interrupted before anything has finished, says so and writes nothing', async () => {
    const { exitCode, stdout, written } = await compareIn(
      { 's.yaml': `${STEADY}${VARIANTS}` },
      ['s.yaml', '--out', 'results'],
      AbortSignal.abort(),
    )
    expect({ exitCode, written }).toEqual({ exitCode: 130, written: [] })
    expect(stdout).toBe('≈ Interrupted: 0 scenarios finished.\n')
  })
})
