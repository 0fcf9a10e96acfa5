import { expect, test } from 'vitest'
import { mergeHeadroom } from '../../src/experiment/merge.ts'
import type { ReplicationOutput } from '../../src/experiment/replication.ts'
import type { Headroom } from '../../src/experiment/result.ts'

const STAGE = { scope: 'api', name: 'shop', limit: 'stage', available: 10 } as const
const setting = 'apis.shop.throttle'

function merged(...rows: readonly Headroom[]): readonly Headroom[] {
  return mergeHeadroom(rows.map((row) => ({ headroom: [row] }) as unknown as ReplicationOutput))
}

test('what a limit refused is the mean over replications, its times are extremes', () => {
  const of = (count: number, firstUs: number, lastUs: number) => ({
    refusals: { count, firstUs, lastUs, setting },
  })
  expect(
    merged({ ...STAGE, used: 10, ...of(8, 5, 9) }, { ...STAGE, used: 10, ...of(4, 3, 7) }),
  ).toEqual([{ ...STAGE, used: 10, ...of(6, 3, 9) }])
  expect(merged({ ...STAGE, used: 9 }, { ...STAGE, used: 10, ...of(4, 3, 7) })).toEqual([
    { ...STAGE, used: 10, ...of(2, 3, 7) },
  ])
  expect(merged({ ...STAGE, used: 9 }, { ...STAGE, used: 4 })).toEqual([{ ...STAGE, used: 9 }])
})
