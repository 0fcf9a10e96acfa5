/** What is said of a scenario whose downstreams are wrong, or will surprise. */
import { describe, expect, it } from 'vitest'
import { loadScenario } from '../../src/scenario/load.ts'
import { NO_FILES } from '../support/run.ts'

const SERVICE = { type: 'queueing-service', servers: 1, service: '5ms' }
const CACHE = { type: 'cache', service: '1ms', hitRate: '50%' }

interface Parts {
  readonly downstreams: Record<string, object>
  readonly timeline?: readonly object[]
  readonly to?: string
}

function load({ downstreams, timeline = [], to = 'f' }: Parts) {
  const text = {
    name: 'downstreams',
    duration: '1m',
    account: { region: 'us-east-1' },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        coldStart: 'none',
        handler: { duration: '5ms', calls: [{ downstream: 'db' }] },
      },
    },
    downstreams,
    timeline,
    traffic: { web: { to, rate: '1/s' } },
  }
  return loadScenario({ text, fileName: 's.yaml', files: NO_FILES, set: [] })
}

async function complaints(parts: Parts): Promise<string> {
  const loaded = await load(parts)
  return loaded.ok ? 'no complaint' : loaded.formatted
}

async function warnings(parts: Parts): Promise<readonly string[]> {
  const loaded = await load(parts)
  if (!loaded.ok) throw new Error(loaded.formatted)
  return loaded.compiled.warnings
}

const KNOWN = 'known are connection-pool, queueing-service, rate-limited, degrading, cache'

describe('a type', () => {
  it('that is unknown is told with the known ones', async () => {
    const text = await complaints({ downstreams: { db: { ...SERVICE, type: 'databse' } } })
    expect(text).toContain(`\`databse\` is no known type of downstream: ${KNOWN}`)
  })

  it('that is missing is asked for', async () => {
    const text = await complaints({ downstreams: { db: { service: '5ms' } } })
    expect(text).toContain('missing required key `type` in downstreams.db')
  })

  it('has its own keys and no others', async () => {
    const text = await complaints({ downstreams: { db: { ...SERVICE, maxConnections: 5 } } })
    expect(text).toContain('unknown key `maxConnections` in downstreams.db: known here are type')
  })
})

describe('what is behind a cache', () => {
  const behind = (downstreams: Record<string, object>) => complaints({ downstreams })

  it('must be said, and must exist', async () => {
    expect(await behind({ db: CACHE })).toContain('missing required key `behind`')
    expect(await behind({ db: { ...CACHE, behind: 'nowhere' } })).toContain(
      'there is no downstream `nowhere`: known are db',
    )
  })

  it('is not the cache itself, nor another that leads back to it', async () => {
    expect(await behind({ db: { ...CACHE, behind: 'db' } })).toContain('db calls itself')
    expect(
      await behind({ db: { ...CACHE, behind: 'other' }, other: { ...CACHE, behind: 'db' } }),
    ).toContain('calls go round in a circle: db -> other -> db')
  })

  it('may be a cache with something else behind it', async () => {
    const chain = { db: { ...CACHE, behind: 'next' }, next: { ...CACHE, behind: 'last' } }
    expect(await behind({ ...chain, last: SERVICE })).toBe('no complaint')
    expect(await warnings({ downstreams: { ...chain, last: SERVICE } })).toEqual([])
  })
})

describe('what will surprise', () => {
  it('is a downstream that nothing calls', async () => {
    const found = await warnings({ downstreams: { db: SERVICE, spare: SERVICE } })
    expect(found).toEqual([
      'downstreams.spare: nothing calls it, so that nothing happens there: functions.NAME.handler.calls says who does',
    ])
  })

  it('is a proxy that no connection goes through', async () => {
    const pool = { type: 'connection-pool', maxConnections: 5, service: '5ms' }
    const db = { ...pool, proxy: { pinning: '5%' } }
    expect(await warnings({ downstreams: { db } })).toEqual([
      'downstreams.db: `proxy` takes no part: connection is per-environment',
    ])
    expect(await warnings({ downstreams: { db: { ...db, connection: 'proxy' } } })).toEqual([])
  })
})

describe('the timeline', () => {
  const at = (entry: object) =>
    complaints({ downstreams: { db: SERVICE }, timeline: [{ at: '5s', ...entry }] })

  it('is told by how much, and for how long, services are slow', async () => {
    expect(await at({ slow: 'db', for: '5s' })).toContain('missing required key `factor`')
    expect(await at({ slow: 'db', factor: 5 })).toContain('missing required key `for`')
    expect(await at({ slow: 'db', factor: 0, for: '5s' })).toContain('factor is above 0')
    expect(await at({ slow: 'db', factor: 1e7, for: '5s' })).toContain('at most 1,000,000')
    expect(await at({ slow: 'db', factor: 5, for: '5s' })).toBe('no complaint')
  })

  it('names downstreams and tables only', async () => {
    expect(await at({ slow: 'f', factor: 2, for: '5s' })).toContain(
      '`f` is a function, and what `slow` names is a table or a downstream',
    )
    expect(await at({ outage: 'nodb', for: '5s' })).toContain(
      'there is no table or downstream `nodb`: known are db',
    )
  })

  it('sets what the type has', async () => {
    expect(await at({ set: { 'downstreams.db.servers': 5 } })).toBe('no complaint')
    expect(await at({ set: { 'downstreams.db.maxConnections': 5 } })).toContain(
      'unknown key `maxConnections` in downstreams.db',
    )
  })
})

it.each(['db', 'downstreams.db'])('traffic goes to no downstream: %s', async (to) => {
  expect(await complaints({ downstreams: { db: SERVICE }, to })).toContain(
    `\`${to}\` is a downstream, and what a producer calls is a function`,
  )
})

describe('a connection pool', () => {
  const POOL = { type: 'connection-pool', service: '5ms' }

  it('says how many connections it takes, or which database has them', async () => {
    expect(await complaints({ downstreams: { db: POOL } })).toContain(
      'how many connections does it take? Give maxConnections, or the database that has them',
    )
  })

  it('knows the engines that have a default', async () => {
    const database = { engine: 'mysqll', memory: '8GB' }
    expect(await complaints({ downstreams: { db: { ...POOL, database } } })).toContain(
      '`mysqll` is no known engine: known are mysql, mariadb, postgres, oracle-ee, aurora-mysql, aurora-postgresql; did you mean `mysql`?',
    )
  })

  it('wants a memory that an instance can have', async () => {
    const database = { engine: 'mysql', memory: '8MB' }
    expect(await complaints({ downstreams: { db: { ...POOL, database } } })).toContain(
      'the memory of a database instance is 512MB to 32768GB',
    )
  })

  it('warns where maxConnections makes the database meaningless', async () => {
    const database = { engine: 'mysql', memory: '8GB' }
    const db = { ...POOL, database, maxConnections: 100 }
    expect(await warnings({ downstreams: { db } })).toEqual([
      'downstreams.db: `database` takes no part: maxConnections is 100',
    ])
  })
})
