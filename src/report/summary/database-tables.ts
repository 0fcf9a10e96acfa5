/** DynamoDB tables: what was asked of them, what they throttled, and what would have prevented it. */
import type { Block, Row } from '../document.ts'
import { count, milliseconds, percent } from '../phrase.ts'
import { Reading } from './reading.ts'
import type { ResultIndex } from './result-index.ts'
import { shortName, shown, table } from './tables.ts'

const TOLD = 3

/** One row per table that was asked anything. Latencies are those of calls that succeeded. */
export function databaseTableBlocks(index: ResultIndex): Block[] {
  const rows = index.names('table').flatMap((name): Row[] => {
    const reading = new Reading(index, 'table', name)
    const calls = reading.sum('Calls')
    if (calls === 0) return []
    const throttled = reading.sum('ThrottledRequests')
    return [
      {
        tone: throttled > 0 ? 'bad' : 'plain',
        cells: [
          shortName(name),
          count(calls),
          percent(throttled / calls),
          shown(reading.value('SuccessfulRequestLatency', 'p50'), milliseconds),
          shown(reading.value('SuccessfulRequestLatency', 'p99'), milliseconds),
          count(reading.sum('ConsumedReadCapacityUnits')),
          count(reading.sum('ConsumedWriteCapacityUnits')),
        ],
      },
    ]
  })
  const titles = ['table', 'requests', 'throttled', 'p50', 'p99', 'read units', 'write units']
  return table('Tables', titles, rows)
}

/** Tables that throttled, the largest share first. */
export function databaseTableVerdicts(index: ResultIndex): Block[] {
  const told = index.names('table').flatMap((name) => {
    const reading = new Reading(index, 'table', name)
    const throttled = reading.sum('ThrottledRequests')
    return throttled === 0 ? [] : [{ reading, share: throttled / reading.sum('Calls') }]
  })
  told.sort((one, other) => other.share - one.share)
  return told.slice(0, TOLD).map(({ reading, share }): Block => {
    const throttled = count(reading.sum('ThrottledRequests'))
    const calls = count(reading.sum('Calls'))
    const { reason, cure } = causeOf(reading)
    return {
      kind: 'verdict',
      tone: 'bad',
      text: `The table ${reading.name} throttled ${throttled} of ${calls} requests (${percent(share)}): ${reason}.`,
      lines: [`It would have taken ${cure}.`],
    }
  })
}

interface Cause {
  readonly reason: string
  readonly cure: string
}

/** Of reads and writes, what threw back most. */
function causeOf(reading: Reading): Cause {
  const isOfReads = reading.sum('ReadThrottleEvents') > reading.sum('WriteThrottleEvents')
  const kind = isOfReads ? 'Read' : 'Write'
  const byPartition = reading.sum(`${kind}KeyRangeThroughputThrottleEvents`)
  const isOfPartition = byPartition > reading.sum(`${kind}ThrottleEvents`) / 2
  const path = `tables.${reading.name}`
  if (isOfPartition) {
    return {
      reason: `its busiest partition had no more to give, at most ${isOfReads ? '3,000 read' : '1,000 write'} units a second, however idle the others were`,
      cure: isOfReads
        ? 'keys that spread more evenly, or a cache for the hot ones'
        : 'keys that spread more evenly: a suffix that splits a hot key into several (write sharding)',
    }
  }
  const isProvisioned = reading.value('ProvisionedReadCapacityUnits', 'maximum') !== undefined
  const key = isOfReads ? 'readCapacityUnits' : 'writeCapacityUnits'
  if (isProvisioned) {
    return {
      reason: `${isOfReads ? 'reads' : 'writes'} took more than is provisioned, and the burst capacity was used up`,
      cure: `a higher ${path}.provisionedThroughput.${key}, autoScaling with room above, or billingMode: PAY_PER_REQUEST`,
    }
  }
  const most = isOfReads ? 'maxReadRequestUnits' : 'maxWriteRequestUnits'
  const warm = isOfReads ? 'readUnitsPerSecond' : 'writeUnitsPerSecond'
  return {
    reason: `${isOfReads ? 'reads' : 'writes'} came to more than twice their previous peak within half an hour, or to more than the table's maximum`,
    cure: `${path}.warmThroughput.${warm} ahead of the peak, slower growth, or a higher onDemandThroughput.${most}`,
  }
}
