import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'

const NO_FILES = {
  readText: () => Promise.reject(new Error('no files')),
  readChunks: () => {
    throw new Error('no files')
  },
}

const HELLO = `name: hello
duration: 10m
account: { region: us-east-1 }
functions: { hello: { runtime: nodejs22.x, memorySize: 512, handler: { duration: 50ms }, coldStart: none } }
traffic: { visitors: { to: hello, rate: 20/s } }
`

function load(variants: string, options: { variant?: string; set?: readonly string[] } = {}) {
  const text = `${HELLO}variants:\n${variants}\n`
  return loadScenario({ text, fileName: 's.yaml', files: NO_FILES, ...options })
}

async function complaints(variants: string, set: readonly string[] = []): Promise<string[]> {
  const loaded = await load(variants, { set })
  if (loaded.ok) return []
  return loaded.formatted.split('\n').filter((line) => line.startsWith('s.yaml:'))
}

describe('a variant', () => {
  it('is the scenario with its values by dotted path, on top of what is set', async () => {
    const variants = '  fast: { traffic.visitors.rate: 40/s, functions.hello.timeout: 9s }'
    const loaded = await load(variants, {
      variant: 'fast',
      set: ['traffic.visitors.rate=5/s', 'functions.hello.memorySize=512'],
    })
    if (!loaded.ok) throw new Error(loaded.formatted)
    expect(loaded.scenario.functions.hello?.timeout).toBe(9_000_000)
    expect(loaded.scenario.traffic.visitors).toMatchObject({ rate: 40 })
  })

  it('changes every entity of a section with a star, and tells a fault in that once', async () => {
    const loaded = await load('  fast: { functions.*.timeout: 9s }', { variant: 'fast' })
    if (!loaded.ok) throw new Error(loaded.formatted)
    expect(loaded.scenario.functions.hello?.timeout).toBe(9_000_000)
    expect(await complaints('  odd: { functions.*.timeout: 9 }')).toEqual([
      's.yaml:7:31: variant odd: `9` has no unit: write 9s or 9ms, say',
    ])
  })

  it('leaves the scenario itself as it is written, with another digest', async () => {
    const variants = '  fast: { traffic.visitors.rate: 40/s }'
    const [written, fast] = await Promise.all([load(variants), load(variants, { variant: 'fast' })])
    if (!written.ok || !fast.ok) throw new Error('refused')
    expect(written.scenario.traffic.visitors).toMatchObject({ rate: 20 })
    expect(written.digest).not.toBe(fast.digest)
  })

  it('is checked whatever is run, each fault where it stands', async () => {
    expect(
      await complaints('  odd: { functions.hallo.timeout: 9s, functions.hello.timeout: 9 }'),
    ).toEqual([
      's.yaml:7:10: variant odd: there is no functions.hallo; did you mean `hello`?',
      's.yaml:7:64: variant odd: `9` has no unit: write 9s or 9ms, say',
    ])
  })

  it('is told of what it breaks elsewhere', async () => {
    expect(
      await complaints(
        '  greedy: { account.concurrentExecutions: 50, functions.hello.reservedConcurrentExecutions: 20 }',
      ),
    ).toEqual([expect.stringMatching(/^s\.yaml:7:\d+: variant greedy: .*100/)])
  })

  it('shows its faults beside those of the scenario, which it does not repeat', async () => {
    expect(await complaints('  odd: { functions.hello.timeout: 9 }', ['duration=x'])).toEqual([
      expect.stringMatching(/^s\.yaml:2:11: --set duration=x: /),
      expect.stringMatching(/^s\.yaml:7:\d+: variant odd: `9` has no unit/),
    ])
  })

  it('has a name of its own and changes something', async () => {
    expect(await complaints('  as-written: { seed: 2 }')).toEqual([
      expect.stringContaining('`as-written` is what `compare` calls the scenario'),
    ])
    expect(await complaints('  none: {}')).toEqual([
      expect.stringContaining('a variant changes something'),
    ])
  })
})
