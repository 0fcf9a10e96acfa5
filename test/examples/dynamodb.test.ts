/** AWS's examples of DynamoDB's capacity. */
import { describe, expect, it } from 'vitest'
import { MICROSECONDS_PER_MINUTE } from '../../src/kernel/time.ts'
import { PreviousPeak } from '../../src/model/resources/table/previous-peak.ts'
import { lambda, runExact } from '../support/exact.ts'
import type { RunView } from '../support/run.ts'

/** What a handler's call takes a second, at so many calls a second. */
async function perSecond(call: object, rate: string): Promise<RunView> {
  return runExact({
    functions: { f: lambda({ handler: { duration: '1ms', calls: [{ table: 't', ...call }] } }) },
    tables: {
      t: { provisionedThroughput: { readCapacityUnits: 30, writeCapacityUnits: 20 } },
    },
    traffic: { p: { to: 'f', process: 'constant', rate } },
  })
}

describe('E78', () => {
  it('E78: 80 strongly consistent reads a second of 3 KB take 80 read units a second', async () => {
    const read = { operation: 'get', itemSize: '3KB', consistency: 'strong' }
    const view = await perSecond(read, '80/s')
    expect(view.value('t.ConsumedReadCapacityUnits.sum')).toBe(80 * 60)
  })

  it('E78: 100 writes a second of 512 B take 100 write units a second', async () => {
    const view = await perSecond({ operation: 'put', itemSize: '512B' }, '100/s')
    expect(view.value('t.ConsumedWriteCapacityUnits.sum')).toBe(100 * 60)
  })
})

it('E71: a thousandth of 3 M write and 8 M read units, and 20 and 30 provisioned units', async () => {
  const calls = [
    { table: 't', operation: 'put', count: 3 },
    { table: 't', operation: 'get', consistency: 'strong', count: 8 },
  ]
  const view = await runExact({
    duration: '1000s',
    functions: { f: lambda({ handler: { duration: '1ms', calls } }) },
    tables: {
      t: {
        provisionedThroughput: { readCapacityUnits: 30, writeCapacityUnits: 20 },
        latency: '1ms',
      },
    },
    traffic: { p: { to: 'f', process: 'constant', rate: '1/s' } },
  })
  expect(view.value('t.ConsumedWriteCapacityUnits.sum')).toBe(3_000)
  expect(view.value('t.ConsumedReadCapacityUnits.sum')).toBe(8_000)
  expect(view.value('t.ProvisionedWriteCapacityUnits.average')).toBe(20)
  expect(view.value('t.ProvisionedReadCapacityUnits.average')).toBe(30)
})

/** DynamoDB developer guide, "DynamoDB on-demand capacity mode". */
it('an on-demand peak of 50,000 reads a second allows 100,000, and that one 200,000', () => {
  const growthTimeUs = 30 * MICROSECONDS_PER_MINUTE
  const peak = new PreviousPeak(12_000, 1_000_000, growthTimeUs)
  const served: number[] = []
  // 50,000 a second for the first half hour and a minute, then 100,000.
  for (let minute = 1; minute <= 62; minute++) {
    const reads = minute <= 31 ? 50_000 : 100_000
    served.push(peak.perSecondAfterMinute(minute * MICROSECONDS_PER_MINUTE, reads))
  }
  expect(served[29]).toBe(12_000)
  expect(served[30]).toBe(100_000)
  expect(served[60]).toBe(100_000)
  expect(served[61]).toBe(200_000)
})
