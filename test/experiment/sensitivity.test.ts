import { describe, expect, it } from 'vitest'
import type { Cheapest } from '../../src/experiment/advice.ts'
import type { ThresholdVerdict } from '../../src/experiment/result.ts'
import {
  changesBetween,
  cheapestOf,
  type Outcome,
  type Sensitivity,
  testAssumptions,
  variationsOf,
} from '../../src/experiment/sensitivity.ts'
import { loadScenario } from '../../src/scenario/load.ts'
import { filesOf } from '../scenario/support.ts'

const NO_FILES = filesOf()

/** An hourly job: whether each run is cold rests on how long idle environments are kept. */
const JOB = `
name: job
duration: 4h
account: { region: us-east-1 }
functions:
  job:
    runtime: nodejs22.x
    memorySize: 512
    handler: { duration: 200ms }
    coldStart: { init: 600ms }
    events: { clock: { type: schedule, schedule: rate(8 minutes) } }
thresholds: [job.ColdStarts.share < 10%, job.Duration.p99 < 2s]
`

/** Requests so frequent that nothing of an idle environment counts, and room to spare. */
const STEADY = `
name: steady
duration: 4m
warmUp: 1m
account: { region: us-east-1 }
functions:
  api:
    runtime: nodejs22.x
    memorySize: 512
    handler: { duration: 50ms }
    coldStart: { init: 600ms }
traffic: { clients: { to: api, process: constant, rate: 20/s } }
thresholds: [api.ColdStarts.share < 1%, clients.ClientLatency.p99 < 1s]
`

/**
 * As written every call is cold, and only the dear variant is fast enough; where environments are
 * kept for longer, the cheap one is.
 */
const CHOICE = `
${JOB.trim()}
billing: { represents: day }
variants:
  ready: { functions.job.provisionedConcurrentExecutions: 1 }
`

async function contendersOf(text: string, set: readonly string[]) {
  const contenders = []
  for (const variant of [undefined, ...(text.includes('variants:') ? ['ready'] : [])]) {
    const loaded = await loadScenario({
      text,
      fileName: 's.yaml',
      files: NO_FILES,
      set,
      ...(variant === undefined ? {} : { variant }),
    })
    if (!loaded.ok) throw new Error(loaded.formatted)
    const name = variant ?? 'as-written'
    contenders.push({ name, identity: loaded, files: NO_FILES, changes: [] })
  }
  return contenders
}

async function test(
  text: string,
  options: { signal?: AbortSignal; replications?: number } = {},
): Promise<Sensitivity> {
  const written = await contendersOf(text, [])
  const varied = []
  for (const variation of variationsOf(written[0]!.identity.compiled.assumptions)) {
    const set = Object.entries(variation.set).map(([path, to]) => `${path}=${JSON.stringify(to)}`)
    varied.push({ variation, contenders: await contendersOf(text, set) })
  }
  return testAssumptions(written, varied, {
    replications: options.replications ?? 1,
    signal: options.signal ?? null,
    onProgress: null,
  })
}

/** `keep-alive: as of 2018-01`. */
function changing({ alternatives }: Sensitivity): string[] {
  return alternatives
    .filter(({ changes }) => changes.length > 0)
    .map(({ id, label }) => `${id}: ${label}`)
}

const LONGER = [
  'keep-alive: as of 2017-01',
  'keep-alive: as of 2018-01',
  'keep-alive: as of 2019-07',
  'keep-alive: fixed 10m at any age',
]

describe('a job every eight minutes, where idle environments are kept for five to seven', () => {
  it('is cold each time, and warm under every longer keep-alive and nothing else', async () => {
    const sensitivity = await test(JOB)
    expect(sensitivity.asWritten!.outcome.thresholds.map(({ value }) => value)[0]).toBe(1)
    expect(changing(sensitivity)).toEqual(LONGER)
    for (const { changes } of sensitivity.alternatives.filter((one) => one.changes.length > 0)) {
      expect(changes).toEqual([
        { kind: 'threshold', subject: 'job.ColdStarts.share < 10%', from: 'failed', to: 'passed' },
      ])
    }
  })

  it('has another cheapest variant under them', async () => {
    const sensitivity = await test(CHOICE)
    expect(sensitivity.asWritten!.outcome.cheapest).toEqual(['ready'])
    expect(changing(sensitivity)).toEqual(LONGER)
    const [first] = sensitivity.alternatives.filter(({ changes }) => changes.length > 0)
    expect(first!.changes).toContainEqual({
      kind: 'cheapest',
      subject: 'cheapest',
      from: 'ready',
      to: 'as-written',
    })
  })
})

describe('steady requests with room to spare', () => {
  it('come to the same under every alternative', async () => {
    const sensitivity = await test(STEADY)
    expect(sensitivity.status).toBe('complete')
    expect(sensitivity.alternatives.length).toBeGreaterThan(10)
    expect(changing(sensitivity)).toEqual([])
  })

  it('tell an assumption that plays no part from one that does', async () => {
    const { alternatives, notVaried } = await test(STEADY)
    const isSameRun = (id: string, label: string) =>
      alternatives.find((one) => one.id === id && one.label === label)!.isSameRun
    expect(isSameRun('no-retries', 'standard retries')).toBe(true)
    expect(isSameRun('placement', 'twice as long')).toBe(false)
    expect(notVaried).toContain('admission-order')
    expect(notVaried).not.toContain('placement')
  })

  it('meet the same customers each time, replication by replication', async () => {
    const { asWritten, alternatives } = await test(
      STEADY.replace('process: constant, ', '').replace(
        'api.ColdStarts.share < 1%',
        'clients.Requests.sum > 0',
      ),
      { replications: 2 },
    )
    const requests = asWritten!.outcome.thresholds[0]!.value
    expect(requests).toBeGreaterThan(3_000)
    for (const { thresholds } of alternatives) expect(thresholds[0]!.value).toBe(requests)
  })
})

describe('an interruption', () => {
  it('keeps the alternatives that had finished', async () => {
    let looks = 0
    const signal = {
      get aborted() {
        return ++looks > 12
      },
    } as AbortSignal
    const { status, asWritten, alternatives, planned } = await test(STEADY, { signal })
    expect(status).toBe('interrupted')
    expect(asWritten!.result.status).toBe('complete')
    expect(alternatives.length).toBeGreaterThan(0)
    expect(alternatives.length).toBeLessThan(planned)
  })

  it('leaves nothing to compare where the run as written had not ended', async () => {
    const sensitivity = await test(STEADY, { signal: AbortSignal.abort() })
    expect(sensitivity).toMatchObject({ status: 'interrupted', asWritten: null, alternatives: [] })
  })
})

function outcome(overrides: Partial<Outcome> = {}): Outcome {
  return { headlines: [], thresholds: [], cheapest: null, ...overrides }
}

function threshold(verdict: ThresholdVerdict['verdict'], value = 1): ThresholdVerdict {
  return {
    threshold: { text: 'a < 2' } as ThresholdVerdict['threshold'],
    verdict,
    value,
    ci95Low: null,
    ci95High: null,
    unit: 'count',
    margin: 0,
    note: '',
  }
}

function throttled(...names: string[]): Outcome['headlines'] {
  return [{ fact: 'throttled', names, count: names.length }]
}

describe('an outcome', () => {
  it('changes with who is throttled, not with how often', () => {
    const written = outcome({ headlines: throttled('a') })
    const often = [{ fact: 'throttled', names: ['a'], count: 1_000 }]
    expect(changesBetween(written, outcome({ headlines: often }))).toEqual([])
    expect(changesBetween(written, outcome({ headlines: throttled('a', 'b') }))).toEqual([
      { kind: 'headline', subject: 'throttled', from: 'a', to: 'a b' },
    ])
    expect(changesBetween(written, outcome({ headlines: throttled() }))).toEqual([
      { kind: 'headline', subject: 'throttled', from: 'a', to: 'none' },
    ])
  })

  it('changes with the verdict of a threshold, not with its value', () => {
    const passed = outcome({ thresholds: [threshold('passed', 1)] })
    const other = (verdict: ThresholdVerdict['verdict']) =>
      changesBetween(passed, outcome({ thresholds: [threshold(verdict, 1.5)] }))
    expect(other('passed')).toEqual([])
    for (const to of ['failed', 'undecided'] as const) {
      expect(other(to)).toEqual([{ kind: 'threshold', subject: 'a < 2', from: 'passed', to }])
    }
  })

  it('that is open as written says nothing that could be otherwise', () => {
    const open = outcome({ thresholds: [threshold('undecided')] })
    expect(changesBetween(open, outcome({ thresholds: [threshold('failed')] }))).toEqual([])
  })

  it('changes with the cheapest, unless it could not be told from the other', () => {
    const change = (from: Outcome['cheapest'], to: Outcome['cheapest']) =>
      changesBetween(outcome({ cheapest: from }), outcome({ cheapest: to })).length
    expect(change(['a'], ['a'])).toBe(0)
    expect(change(['a'], ['b'])).toBe(1)
    expect(change(['a', 'b'], ['b'])).toBe(0)
    expect(change(['a'], ['b', 'a'])).toBe(0)
    expect(change(['a'], [])).toBe(1)
    expect(change([], [])).toBe(0)
    expect(change(null, ['a'])).toBe(0)
  })
})

describe('the cheapest', () => {
  const advice = (cheapest: Cheapest | null, presetInits: string[] = []) => {
    return { meeting: null, undecided: [], cheapest, incomparable: null, presetInits }
  }
  const cheapest = (alike: readonly string[]): Cheapest => {
    return { name: 'a', costUsd: 1, basis: 'run', alike, next: null }
  }

  it('are all where chance could have made the difference', () => {
    expect(cheapestOf(advice(cheapest([])))).toEqual(['a'])
    expect(cheapestOf(advice(cheapest(['b', 'c'])))).toEqual(['a', 'b', 'c'])
  })

  it('is none that meets the thresholds, or not said while an init is a stand-in', () => {
    expect(cheapestOf(advice(null))).toEqual([])
    expect(cheapestOf(advice(null, ['f']))).toBeNull()
    expect(cheapestOf({ ...advice(null), incomparable: 'no-price' })).toBeNull()
  })
})
