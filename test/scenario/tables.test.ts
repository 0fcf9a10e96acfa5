/** What is said of a scenario whose tables, or calls of tables, are wrong or will surprise. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { NO_FILES } from '../support/run.ts'

const PROVISIONED = { provisionedThroughput: { readCapacityUnits: 5, writeCapacityUnits: 5 } }

function load(table: object, call: object = {}, more: object = {}) {
  const text = {
    name: 'tables',
    duration: '1m',
    account: { region: 'us-east-1' },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        coldStart: 'none',
        handler: { duration: '5ms', calls: [{ table: 'items', ...call }] },
      },
    },
    tables: { items: table },
    traffic: { web: { to: 'f', rate: '1/s' } },
    ...more,
  }
  return loadScenario({ text, fileName: 's.yaml', files: NO_FILES, set: [] })
}

async function complaints(...parts: Parameters<typeof load>): Promise<string> {
  const loaded = await load(...parts)
  return loaded.ok ? 'no complaint' : loaded.formatted
}

async function compiled(...parts: Parameters<typeof load>) {
  const loaded = await load(...parts)
  if (!loaded.ok) throw new Error(loaded.formatted)
  return loaded.compiled
}

describe('a table', () => {
  it('on demand has no capacity that the timeline may set', async () => {
    const set = {
      'tables.items.provisionedThroughput.readCapacityUnits': 5,
      'tables.items.provisionedThroughput.writeCapacityUnits': 5,
    }
    const more = { timeline: [{ at: '10s', set }] }
    expect(await complaints({}, {}, more)).toContain(
      'items is a PAY_PER_REQUEST table and stays one during a run: it has no provisionedThroughput',
    )
    expect(await complaints(PROVISIONED, {}, more)).toBe('no complaint')
  })

  it.each([
    [{ billingMode: 'PROVISIONED' }, 'a PROVISIONED table needs provisionedThroughput'],
    [
      { billingMode: 'PAY_PER_REQUEST', ...PROVISIONED },
      'a PAY_PER_REQUEST table has no provisionedThroughput',
    ],
    [{ autoScaling: {} }, 'a PAY_PER_REQUEST table has no autoScaling'],
    [
      { ...PROVISIONED, onDemandThroughput: { maxReadRequestUnits: 5 } },
      'a PROVISIONED table has no onDemandThroughput',
    ],
    [
      {
        ...PROVISIONED,
        autoScaling: { readCapacityUnits: { minCapacity: 10, maxCapacity: 20 } },
      },
      'readCapacityUnits begins between minCapacity and maxCapacity, 10 to 20, not at 5',
    ],
    [
      {
        ...PROVISIONED,
        autoScaling: { readCapacityUnits: { minCapacity: 5, maxCapacity: 4 } },
      },
      'maxCapacity is at least minCapacity',
    ],
    [
      {
        ...PROVISIONED,
        autoScaling: { readCapacityUnits: { target: '95%', minCapacity: 1, maxCapacity: 9 } },
      },
      'a target utilization is 20% to 90%',
    ],
  ])('%j is told what is wrong with it', async (table, message) => {
    expect(await complaints(table)).toContain(message)
  })

  it('is on demand where nothing is said, with metrics to match', async () => {
    const metricsOf = async (table: object) =>
      (await compiled(table)).parts.find(({ path }) => path === 'tables.items')!.metrics
    expect(await metricsOf({})).not.toContain('ProvisionedReadCapacityUnits')
    expect(await metricsOf(PROVISIONED)).toContain('ProvisionedReadCapacityUnits')
  })

  it('above its quota is warned of', async () => {
    const table = { provisionedThroughput: { readCapacityUnits: 40_001, writeCapacityUnits: 1 } }
    expect((await compiled(table)).warnings).toContain(
      'tables.items: readCapacityUnits is above the quota of 40,000 that a table has until AWS raises it',
    )
  })

  it('says what it takes for granted, as far as it takes part', async () => {
    const ids = async (table: object) => (await compiled(table)).assumptions.map(({ id }) => id)
    expect(await ids({})).toContain('table-on-demand')
    expect(await ids({})).not.toContain('table-burst')
    expect(await ids(PROVISIONED)).toContain('table-burst')
    expect(await ids(PROVISIONED)).not.toContain('table-auto-scaling')
  })
})

describe('a call of a table', () => {
  it.each([
    [{ payload: '1KB' }, 'a table has items, not messages: write itemSize'],
    [{ consistency: 'strong' }, 'only a get or query has a consistency, not a put'],
    [
      { operation: 'transactGet', consistency: 'strong' },
      'only a get or query has a consistency, not a transactGet',
    ],
    [{ itemSize: '401KB' }, 'an item has at most 400 KB'],
    [{ operation: 'query', itemSize: '2MB' }, '1 MB is all that one query reads'],
    [{ operation: 'scan' }, 'operation'],
  ])('%j is told what is wrong with it', async (call, message) => {
    expect(await complaints({}, call)).toContain(message)
  })

  it('alone has the keys of one', async () => {
    const handler = { duration: '5ms', calls: [{ queue: 'q', operation: 'get' }] }
    const f = { runtime: 'nodejs22.x', coldStart: 'none', handler }
    const text = await complaints({}, {}, { functions: { f }, queues: { q: {} } })
    expect(text).toContain('`operation` belongs to a table')
  })

  it('that only reads makes no circle with a reader of the changes', async () => {
    const circle = async (operation: string) => {
      const handler = { duration: '5ms', calls: [{ table: 'items', operation }] }
      const events = { changes: { type: 'dynamodb', table: 'items' } }
      const f = { runtime: 'nodejs22.x', coldStart: 'none', handler, events }
      const { warnings } = await compiled({}, {}, { functions: { f } })
      return warnings.some((warning) => warning.includes('a circle'))
    }
    expect(await circle('put')).toBe(true)
    expect(await circle('get')).toBe(false)
  })

  it('counts in the forecast of how long the handler takes', async () => {
    const { functions } = await compiled({ latency: '30ms' })
    expect(functions[0]!.handler.steps).toMatchObject([{ meanAnswerUs: 30_000 }])
  })
})
