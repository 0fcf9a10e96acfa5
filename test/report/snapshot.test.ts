/** What `explain --at` says of a moment. */
import { describe, expect, test } from 'vitest'
import { snapshotBlocks } from '../../src/report/snapshot.ts'
import { SECOND, stateAt } from '../support/run.ts'

const scenario = {
  name: 'moment',
  duration: '10m',
  account: { region: 'us-east-1' },
  functions: {
    shop: {
      runtime: 'nodejs22.x',
      memorySize: 512,
      handler: { duration: '50ms', calls: [{ downstream: 'db' }] },
      coldStart: 'none',
      keepAlive: { policy: 'fixed', idleTimeout: '10m' },
    },
  },
  downstreams: { db: { type: 'connection-pool', maxConnections: 3, service: '50ms' } },
  traffic: {
    web: {
      to: 'shop',
      process: 'constant',
      stages: [
        { for: '2m', rate: '1/s' },
        { for: '8m', rate: '100/s' },
      ],
    },
  },
}

/** Of the table that tells how close the run came to its limits. */
async function headroomAt(seconds: number) {
  const snapshot = await stateAt(scenario, seconds * SECOND)
  const blocks = snapshotBlocks('moment', snapshot)
  const table = blocks.find((block) => block.kind === 'table' && block.title === 'Headroom so far')
  if (table?.kind !== 'table') throw new Error('no headroom is told')
  return table.rows.map(({ tone, cells }) => ({
    tone,
    limit: cells[0],
    used: cells[1],
  }))
}

describe('a moment of a run', () => {
  test('shows how close it came until then to the limits of what handlers call', async () => {
    const before = await headroomAt(100)
    expect(before).toContainEqual({ tone: 'plain', limit: 'db connections', used: '1 of 3' })
    const after = await headroomAt(180)
    expect(after[0]).toEqual({ tone: 'bad', limit: 'db connections', used: '3 of 3' })
  })
})
