import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, test } from 'vitest'
import { nodeFiles } from '../../src/cli/node-files.ts'
import { type Variation, variationsOf } from '../../src/experiment/sensitivity.ts'
import type { ScenarioFiles } from '../../src/kernel/files.ts'
import { alternativesAt, joinedAlternatives } from '../../src/scenario/alternatives.ts'
import { filesOf, load } from './support.ts'

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url))
const NAMES = readdirSync(SCENARIOS).filter((name) => name.endsWith('.yaml'))

/** Two of each thing that has alternatives of its own. */
const EVERYTHING = `
name: everything
duration: 1m
account: { region: us-east-1 }
functions:
  web:
    runtime: nodejs22.x
    memorySize: 512
    handler: { duration: 50ms, calls: [{ downstream: db }] }
    events: { shop: { type: http-api, api: shop } }
  worker:
    runtime: python3.13
    memorySize: 512
    handler: { duration: 50ms }
    keepAlive: { policy: preset, platform: 2019-08 }
    events:
      orders: { type: sqs, queue: orders }
      mail: { type: sqs, queue: mail, poller: { backOffCap: 10s } }
      clicks: { type: kinesis, stream: clicks }
      changes: { type: dynamodb, table: items }
      log: { type: msk, stream: log }
      uploads: { type: s3, bucket: uploads }
apis: { shop: { protocol: http-api } }
queues: { orders: {}, mail: {} }
streams:
  clicks: { shardCount: 1 }
  log: { type: kafka, partitions: 2 }
tables: { items: {} }
buckets: { uploads: {} }
downstreams: { db: { type: connection-pool, maxConnections: 100, service: 5ms } }
traffic:
  shoppers: { to: shop, rate: 1/s, client: { retry: { mode: adaptive } } }
  readers: { to: shop, rate: 1/s, retry: standard }
  testers: { to: web, rate: 1/s }
`

const VARIED_THERE = [
  'client-instances',
  'retry-sdk',
  'keep-alive',
  'idle-selection',
  'init',
  'first-invocation',
  'placement',
  'hand-over',
  'asynchronous-dispatch',
  'sqs-back-off',
  'sqs-slow-down',
  'stream-back-off',
  'kafka-pollers',
  'table-stream-shards',
  'notification-latency',
  'connection-setup',
  'door-latency',
  'no-retries',
  'other-functions',
]

function settings({ set }: Variation): string[] {
  return Object.entries(set).map(([path, value]) => `${path}=${JSON.stringify(value)}`)
}

/** `id: label: what is wrong` of the alternatives that do not load, or that change nothing. */
async function faultsOf(text: string, files: ScenarioFiles): Promise<string[]> {
  const written = await load(text, [], files)
  const faults: string[] = []
  for (const variation of variationsOf(written.compiled.assumptions)) {
    const name = `${variation.id}: ${variation.label}`
    try {
      const { digest } = await load(text, settings(variation), files)
      if (digest === written.digest) faults.push(`${name}: changes nothing`)
    } catch (error) {
      faults.push(`${name}: ${error}`)
    }
  }
  return faults
}

async function variationOf(id: string, label: string): Promise<Variation> {
  const { compiled } = await load(EVERYTHING)
  const found = variationsOf(compiled.assumptions).find(
    (one) => one.id === id && one.label === label,
  )
  if (found === undefined) throw new Error(`no ${id}: ${label}`)
  return found
}

describe('the alternatives of an assumption', () => {
  test.each(NAMES)('load and change something in %s', async (name) => {
    const text = readFileSync(`${SCENARIOS}${name}`, 'utf8')
    expect(await faultsOf(text, nodeFiles(SCENARIOS))).toEqual([])
  })

  it('load and change something where every kind of them takes part', async () => {
    const { compiled } = await load(EVERYTHING)
    const ids = new Set(variationsOf(compiled.assumptions).map(({ id }) => id))
    expect([...ids].sort()).toEqual([...VARIED_THERE].sort())
    expect(await faultsOf(EVERYTHING, filesOf())).toEqual([])
  })

  it('have labels that a CSV file can hold, and that differ', async () => {
    const { compiled } = await load(EVERYTHING)
    const names = variationsOf(compiled.assumptions).map(({ id, label }) => `${id} ${label}`)
    expect(names.filter((name) => /[,"\n]/.test(name))).toEqual([])
    expect(new Set(names).size).toBe(names.length)
  })

  it('hold for everything that assumes the same, at once', async () => {
    const { set } = await variationOf('sqs-back-off', 'waits of four times')
    expect(set).toEqual({
      'functions.worker.events.orders.poller.backOffBase': '4s',
      'functions.worker.events.orders.poller.backOffCap': '1m20s',
      'functions.worker.events.mail.poller.backOffBase': '4s',
      'functions.worker.events.mail.poller.backOffCap': '40s',
    })
  })

  it('leave alone what the scenario states', async () => {
    const { set } = await variationOf('no-retries', 'standard retries')
    expect(Object.keys(set)).toEqual(['traffic.testers.client.retry'])
    const stated = await load(EVERYTHING, [
      'functions.web.coldStart=none',
      'functions.worker.coldStart.placement=80ms',
      'functions.worker.keepAlive={ policy: fixed, idleTimeout: 5m }',
      'functions.web.keepAlive={ policy: fixed, idleTimeout: 5m }',
    ])
    const ids = variationsOf(stated.compiled.assumptions).map(({ id }) => id)
    expect(ids).not.toContain('placement')
    expect(ids).not.toContain('keep-alive')
    expect(ids).toContain('first-invocation')
  })

  it('of keep-alive are what was measured at other dates, never at the one assumed', async () => {
    const { compiled } = await load(EVERYTHING, ['functions.worker.keepAlive.platform="2026-11"'])
    const labels = variationsOf(compiled.assumptions)
      .filter(({ id }) => id === 'keep-alive')
      .map(({ label }) => label)
    expect(labels).toEqual([
      'as of 2017-01',
      'as of 2018-01',
      'as of 2019-07',
      'fixed 10m at any age',
      'no maximum age',
    ])
  })

  it('of an init multiply what was measured of an empty function', async () => {
    const three = await variationOf('init', '3 times as long')
    const ten = await variationOf('init', '10 times as long')
    const medianOf = ({ set }: Variation): number => {
      const init = set['functions.web.coldStart.init'] as { lognormal: { median: string } }
      return Number.parseFloat(init.lognormal.median)
    }
    expect(medianOf(three)).toBeGreaterThan(100)
    expect(medianOf(ten) / medianOf(three)).toBeCloseTo(10 / 3, 3)
  })
})

describe('alternatives of several places', () => {
  it('have paths of the scenario', () => {
    expect(alternativesAt('queues.a', [{ label: 'none', set: { 'b.c': 1, d: 2 } }])).toEqual([
      { label: 'none', set: { 'queues.a.b.c': 1, 'queues.a.d': 2 } },
    ])
  })

  it('are one where they have one label', () => {
    expect(
      joinedAlternatives([
        [
          { label: 'short', set: { a: 1 } },
          { label: 'long', set: { a: 9 } },
        ],
        [{ label: 'long', set: { b: 8 } }],
      ]),
    ).toEqual([
      { label: 'short', set: { a: 1 } },
      { label: 'long', set: { a: 9, b: 8 } },
    ])
  })
})
