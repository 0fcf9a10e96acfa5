/** Worked examples of the RDS user guide: connections of a database; of a proxy see E75 with its tests. */
import { describe, expect, it } from 'vitest'
import { callingFunction, several } from '../support/downstreams.ts'
import { run } from '../support/run.ts'

/** Connections that the database takes, as a run's headroom says. */
async function connections(pool: object): Promise<number> {
  const db = { type: 'connection-pool', service: '5ms', ...pool }
  const view = await run(callingFunction({ downstreams: { db }, traffic: several(1) }))
  const limit = view.output.headroom.find((row) => row.limit === 'connections')
  return limit!.available
}

const database = (engine: string, memory: string, deductedMemory = '0%') => ({
  database: { engine, memory, deductedMemory },
})

describe('E74: the default of max_connections', () => {
  it('of MySQL with 8 GiB is 683 by the formula, and about 630 of what RDS leaves', async () => {
    expect(await connections(database('mysql', '8GB'))).toBe(683)
    // 630 x 12,582,880 bytes are 92.3% of 8 GiB.
    expect(await connections(database('mysql', '8GB', '7.7%'))).toBe(630)
  })

  it.each([
    ['mariadb', '8GB', 341],
    ['mariadb', '512GB', 12_000],
    ['postgres', '8GB', 901],
    ['postgres', '64GB', 5_000],
    ['aurora-postgresql', '64GB', 5_000],
    ['oracle-ee', '8GB', 870],
    ['oracle-ee', '1024GB', 20_000],
  ])('of %s with %s is %i', async (engine, memory, limit) => {
    expect(await connections(database(engine, memory))).toBe(limit)
  })

  it.each([
    ['db.t3.small', '2GB', 45],
    ['db.t3.medium', '4GB', 90],
    ['db.t3.large', '8GB', 135],
    ['db.r6g.large', '16GB', 1_000],
    ['db.r6g.xlarge', '32GB', 2_000],
    ['db.r6g.2xlarge', '64GB', 3_000],
    ['db.r6g.4xlarge', '128GB', 4_000],
    ['db.r6g.8xlarge', '256GB', 5_000],
    ['db.r6g.12xlarge', '384GB', 6_000],
    ['db.r6g.16xlarge', '512GB', 6_000],
    ['db.r5.24xlarge', '768GB', 7_000],
  ])('of Aurora MySQL on %s, with %s, is the documented %i', async (_, memory, limit) => {
    expect(await connections(database('aurora-mysql', memory))).toBe(limit)
  })

  it('gives way to what somebody has set', async () => {
    expect(await connections({ ...database('mysql', '8GB'), maxConnections: 100 })).toBe(100)
  })
})
