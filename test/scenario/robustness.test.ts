import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { filesOf } from './support.ts'

const VALID = {
  name: 'everything',
  description: 'Uses every section.',
  duration: '30m',
  warmUp: '5m',
  metricsPeriod: '60s',
  seed: 7,
  startsAt: '2026-03-02T00:00:00Z',
  platform: '2026-11',
  drain: true,
  account: {
    region: 'us-east-1',
    concurrentExecutions: 1000,
    otherFunctions: { unreservedConcurrency: 350 },
  },
  functions: {
    checkout: {
      runtime: 'nodejs22.x',
      architectures: 'arm64',
      packageType: 'Zip',
      memorySize: 1024,
      timeout: '10s',
      reservedConcurrentExecutions: 300,
      provisionedConcurrentExecutions: 100,
      handler: {
        duration: { lognormal: { median: '40ms', p99: '200ms' } },
        cpuBound: '60%',
        failures: { error: '0.2%', crash: '1%' },
      },
      coldStart: { placement: '100ms', init: { exponential: { mean: '1s' } }, handOver: 'busy' },
      keepAlive: { policy: 'uniform', idleTimeout: { min: '5m', max: '7m' }, lifetime: '2h' },
      idleSelection: 'random',
      scalingRate: 'unlimited',
    },
    fulfil: {
      runtime: 'python3.13',
      memorySize: '512MB',
      handler: { measuredDuration: { empirical: { quantiles: { p0: '1ms', p100: '9ms' } } } },
      coldStart: 'none',
      aliases: { prod: { functionVersion: '7', routingConfig: { '8': '10%' } } },
      versions: { '9': { provisionedConcurrentExecutions: 5 } },
    },
  },
  traffic: {
    shoppers: {
      to: 'checkout',
      stages: [
        { for: '10m', rate: '100/s' },
        { for: '1m', rate: '100/s', rampTo: '3000/s' },
      ],
      client: { retry: { mode: 'none' } },
    },
    staff: {
      to: 'fulfil:prod',
      process: 'users',
      users: 20,
      thinkTime: { constant: { value: '5s' } },
    },
    nightly: { to: 'fulfil', process: 'constant', rate: '1/min' },
  },
  timeline: [
    { at: '10m', set: { 'functions.checkout.timeout': '5s' } },
    { at: '20m', deploy: 'checkout', strategy: 'Canary10Percent5Minutes' },
  ],
  initial: { 'functions.checkout': { environments: 50 } },
  thresholds: ['shoppers.ClientLatency.p99 < 500ms'],
}

/** Every place in a value. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))]
}

function changed(
  value: unknown,
  path: readonly string[],
  change: (old: unknown) => unknown,
): unknown {
  const [segment, ...rest] = path
  if (segment === undefined) return change(value)
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as Record<string, unknown>) }
  const inner = changed((copy as Record<string, unknown>)[segment], rest, change)
  ;(copy as Record<string, unknown>)[segment] = inner
  return copy
}

const STRANGE_VALUES = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  '5',
  '-5s',
  '5s',
  '1000000/s',
  '50%',
  '512MB',
  '2020-01',
  'constructor',
  '__proto__',
  'toString',
  'checkout',
  'checkout:live',
  'none',
  [],
  [null],
  {},
  { x: 1 },
  { lognormal: {} },
  { lognormal: null },
  { mixture: { of: [] } },
  { policy: 'fixed' },
  [[]],
  { '': 1 },
]

const mutation = fc
  .record({
    place: fc.constantFrom(...placesOf(VALID)),
    value: fc.oneof(fc.constantFrom<unknown>(...STRANGE_VALUES), fc.string(), fc.jsonValue()),
    kind: fc.constantFrom('replace', 'remove', 'add', 'rename'),
    word: fc.oneof(
      fc.constantFrom('memory', 'events', 'constructor', 'timeout', 'a.b'),
      fc.string(),
    ),
  })
  .map(({ place, value, kind, word }) => (scenario: unknown): unknown => {
    const key = place[place.length - 1]
    if (kind === 'replace' || key === undefined) return changed(scenario, place, () => value)
    return changed(scenario, place.slice(0, -1), (old) => {
      if (typeof old !== 'object' || old === null || Array.isArray(old)) return value
      const copy = { ...(old as Record<string, unknown>) }
      if (kind !== 'add') delete copy[key]
      if (kind !== 'remove' && word !== '__proto__') copy[word] = value
      return copy
    })
  })

async function loadQuietly(text: string | Uint8Array | object, set: readonly string[] = []) {
  return loadScenario({ text, fileName: 'fuzz.yaml', files: filesOf(), set })
}

test('the scenario that the mutations start from is valid', async () => {
  const loaded = await loadQuietly(VALID)
  expect(loaded.ok ? '' : loaded.formatted).toBe('')
})

test('a mutated scenario compiles or brings diagnostics, and never throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      const mutated = mutations.reduce<unknown>((value, mutate) => mutate(value), VALID)
      const isObject = typeof mutated === 'object' && mutated !== null
      const loaded = await loadQuietly(isObject ? mutated : JSON.stringify(mutated))
      if (loaded.ok) return
      expect(loaded.diagnostics.length).toBeGreaterThan(0)
      for (const { line, column, message } of loaded.diagnostics) {
        expect(line).toBeGreaterThan(0)
        expect(column).toBeGreaterThan(0)
        expect(message).not.toMatch(/undefined|\[object|Invalid input|Unrecognized/)
      }
      expect(loaded.formatted).toMatch(/^fuzz\.yaml:\d+:\d+: /)
    }),
    { numRuns: 250, seed: 1 },
  )
})

test('text and bytes of any kind compile or bring diagnostics', async () => {
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.uint8Array({ maxLength: 200 }),
    fc
      .array(fc.constantFrom(...':{}[],&*!|>-?#%@`"\'\n \tab1~'), { maxLength: 60 })
      .map((characters) => characters.join('')),
  )
  await fc.assert(
    fc.asyncProperty(noise, async (text) => {
      const loaded = await loadQuietly(text)
      expect(loaded.ok).toBe(false)
      if (!loaded.ok) expect(loaded.formatted).toMatch(/^fuzz\.yaml:\d+:\d+: /)
    }),
    { numRuns: 250, seed: 1 },
  )
})

test('overrides of any kind compile or bring diagnostics', async () => {
  const paths = placesOf(VALID).map((place) => place.join('.'))
  const override = fc
    .tuple(
      fc.oneof(fc.constantFrom(...paths), fc.string()),
      fc.oneof(fc.string(), fc.constantFrom('5', '{ a: 1 }', '5s', 'null')),
    )
    .map(([path, value]) => `${path}=${value}`)
  await fc.assert(
    fc.asyncProperty(fc.array(override, { maxLength: 3 }), async (set) => {
      const loaded = await loadQuietly(VALID, set)
      if (!loaded.ok) expect(loaded.formatted).toMatch(/^fuzz\.yaml:\d+:\d+: /)
    }),
    { numRuns: 150, seed: 1 },
  )
})
