import { describe, expect, it } from 'vitest'
import {
  type Comparison,
  type ComparisonRow,
  compareScenarios,
  differenceOf,
} from '../../src/experiment/compare.ts'
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import { loadScenario } from '../../src/scenario/load.ts'

const NO_FILES: ScenarioFiles = {
  readText: () => Promise.reject(new Error('this scenario names no file')),
  readChunks: () => {
    throw new Error('this scenario names no file')
  },
}

const SHOP = `
name: shop
duration: 5m
account: { region: us-east-1 }
functions:
  search:
    runtime: nodejs22.x
    memorySize: 1024
    handler: { duration: 100ms }
    coldStart: none
  basket:
    runtime: nodejs22.x
    memorySize: 1024
    handler: { duration: { exponential: { mean: 50ms } } }
    coldStart: none
traffic:
  readers: { to: search, rate: 10/s }
  buyers: { to: basket, rate: 10/s }
billing: { represents: day }
variants:
  same: { functions.search.timeout: 10s }
  slow: { functions.search.handler.duration: 110ms }
  other-customers: { seed: 99 }
`

async function compare(
  variants: readonly string[],
  replications: number,
  text = SHOP,
  signal: AbortSignal | null = null,
): Promise<Comparison> {
  const contenders = []
  for (const variant of [undefined, ...variants]) {
    const loaded = await loadScenario({
      text,
      fileName: 'shop.yaml',
      files: NO_FILES,
      ...(variant === undefined ? {} : { variant }),
    })
    if (!loaded.ok) throw new Error(loaded.formatted)
    contenders.push({
      name: variant ?? 'as-written',
      identity: loaded,
      files: NO_FILES,
      changes: [],
    })
  }
  return compareScenarios(contenders, { replications, signal, onProgress: null })
}

function find({ rows }: Comparison, contender: string, path: string): ComparisonRow {
  const row = rows.find(
    ({ contender: of, name, metric, statistic }) =>
      of === contender && `${name}.${metric}.${statistic}` === path,
  )
  if (row === undefined) throw new Error(`no ${path} of ${contender}`)
  return row
}

describe('a comparison', () => {
  it('has every value the same where a variant changes nothing that counts', async () => {
    const comparison = await compare(['same'], 3)
    const verdicts = comparison.rows
      .filter(({ contender }) => contender === 'same')
      .map(({ verdict }) => verdict)
    expect(verdicts.length).toBeGreaterThan(50)
    expect(new Set(verdicts)).toEqual(new Set(['same']))
  })

  it('finds ten milliseconds more exactly, because both meet the same customers', async () => {
    const comparison = await compare(['slow'], 3)
    expect(find(comparison, 'slow', 'readers.ClientLatency.maximum')).toMatchObject({
      value: 110,
      difference: 10,
      differenceLow: 10,
      differenceHigh: 10,
      verdict: 'higher',
    })
    expect(find(comparison, 'slow', 'buyers.ClientLatency.p99').verdict).toBe('same')
  })

  it('bills both, and has the difference of the bills', async () => {
    const comparison = await compare(['slow'], 3)
    const [one, other] = ['as-written', 'slow'].map((name) =>
      find(comparison, name, 'account.Cost.sum'),
    )
    expect(other!.verdict).toBe('higher')
    expect(other!.difference).toBeCloseTo(other!.value - one!.value, 12)
    const month = find(comparison, 'slow', 'account.MonthlyCost.sum')
    expect(month.value).toBeGreaterThan(other!.value)
    expect(comparison.advice.cheapest).toMatchObject({ name: 'as-written', basis: 'month' })
  })

  it('adds up how cold all functions were, and what memory was held how long', async () => {
    const functions = ['a: &f', 'b: *f'].map((line) => `  ${line}`)
    functions[0] += ' { runtime: nodejs22.x, memorySize: 512, handler: { duration: 100ms },'
    functions[0] += ' coldStart: none, keepAlive: { policy: fixed, idleTimeout: 10s } }'
    const text = `
name: two
duration: 5m
warmUp: 1m
account: { region: us-east-1 }
functions:
${functions.join('\n')}
traffic: { to-a: { to: a, process: constant, rate: 1/min }, to-b: { to: b, rate: 0/s } }
variants: { longer: { functions.*.keepAlive.idleTimeout: 20s } }
`
    // Four calls after the warm-up, each of which holds half a GB for its 0.1 s and then idly.
    const comparison = await compare(['longer'], 2, text)
    const total = (contender: string, path: string) => find(comparison, contender, path).value
    expect(total('as-written', 'account.Invocations.sum')).toBe(4)
    expect(total('as-written', 'account.ColdStarts.sum')).toBe(4)
    expect(total('as-written', 'account.ColdStarts.share')).toBe(1)
    expect(total('as-written', 'account.MemoryTime.sum')).toBeCloseTo(4 * 0.5 * 10.1, 9)
    expect(total('as-written', 'account.IdleMemoryTime.sum')).toBeCloseTo(4 * 0.5 * 10, 9)
    expect(total('longer', 'account.IdleMemoryTime.sum')).toBeCloseTo(4 * 0.5 * 20, 9)
    expect(find(comparison, 'longer', 'account.IdleMemoryTime.sum').verdict).toBe('higher')
  })

  it('takes a difference that other customers make for chance', async () => {
    const comparison = await compare(['other-customers'], 5)
    expect(find(comparison, 'other-customers', 'buyers.ClientLatency.p50').verdict).toBe(
      'no-detectable-difference',
    )
  })

  it('decides nothing by one replication', async () => {
    const comparison = await compare(['slow'], 1)
    expect(find(comparison, 'slow', 'readers.ClientLatency.maximum')).toMatchObject({
      difference: 10,
      differenceLow: null,
      verdict: 'undecided',
    })
  })
})

describe('an interrupted comparison', () => {
  /** Aborted once it has been looked at so often. */
  const after = (looks: number) => {
    let looked = 0
    return {
      get aborted() {
        return ++looked > looks
      },
    } as AbortSignal
  }

  it('is of the scenarios that had finished', async () => {
    const { status, results, rows } = await compare(['same', 'slow'], 1, SHOP, after(4))
    expect(status).toBe('interrupted')
    expect(results.map(({ name }) => name)).toEqual(['as-written', 'same'])
    expect(new Set(rows.map(({ contender }) => contender)).size).toBe(2)
  })

  it('begins no further scenario, however short', async () => {
    const { status, results } = await compare(['same'], 1, SHOP, AbortSignal.abort())
    expect({ status, results }).toEqual({ status: 'interrupted', results: [] })
  })
})

describe('a difference', () => {
  it('pairs replications that both have a sample, and no others', () => {
    expect(differenceOf([1, undefined, 3, 5], [2, 7, undefined, 6])).toEqual({
      difference: 1,
      differenceLow: 1,
      differenceHigh: 1,
      verdict: 'higher',
    })
    expect(differenceOf([1, undefined], [undefined, 2]).verdict).toBe('undecided')
  })

  it('is lower or higher only where the interval leaves 0 out', () => {
    expect(differenceOf([5, 6, 7], [1, 2, 2.5]).verdict).toBe('lower')
    expect(differenceOf([5, 6, 7], [9, 2, 7.5]).verdict).toBe('no-detectable-difference')
  })
})
