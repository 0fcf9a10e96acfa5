import type { Assumption } from '../../compiled-scenario.ts'
import { MOST_SHARDS } from '../stream/kinds/kind.ts'
import { isProvisioned, type TableConfig } from './schema.ts'

const BURST = 'DynamoDB developer guide, "Burst and adaptive capacity"'

/** What a table takes for granted. */
export function tableAssumptions(config: TableConfig): readonly Assumption[] {
  const { streamShards, partitions, autoScaling } = config
  const told: Assumption[] = [
    {
      id: 'table-latency',
      statement:
        'A table answers with the latency that its `latency` says (left out: lognormal, median 4ms, p99 15ms), whatever it is asked; a throttle takes no time.',
      confidence: 'assumed',
      source: 'AWS documents single-digit milliseconds',
    },
    {
      id: 'table-partitions',
      statement: `Keys spread over the partitions of a table by a hash, each partition taking at once what it takes in a second; partitions are split for more capacity (${partitions === undefined ? 'one for each 3,000 read and 1,000 write units' : `at least ${partitions}`}), not for a hot key.`,
      confidence: 'assumed',
      source: BURST,
    },
  ]
  if (isProvisioned(config)) {
    told.push({
      id: 'table-burst',
      statement: 'A provisioned table begins with 300 s of unused capacity.',
      confidence: 'assumed',
      source: BURST,
    })
  } else {
    told.push({
      id: 'table-on-demand',
      statement:
        'An on-demand table is throttled above twice the highest minute that is older than growthTime, and above what a new table serves.',
      confidence: 'assumed',
      source: 'DynamoDB developer guide, "DynamoDB on-demand capacity mode": it may be',
    })
  }
  if (autoScaling !== undefined) {
    told.push({
      id: 'table-auto-scaling',
      statement:
        'Auto scaling judges each minute at its end and sets the capacity that brings consumption to the target; a minute without traffic says nothing.',
      confidence: 'assumed',
      source: 'Application Auto Scaling user guide, "Target tracking scaling policies"',
    })
  }
  told.push({
    id: 'table-stream-shards',
    statement: `The change stream of a table has ${streamShards} shard${streamShards === 1 ? '' : 's'} all the time.`,
    confidence: 'assumed',
    source: 'DynamoDB developer guide, "Change data capture for DynamoDB Streams"',
    alternatives: [
      {
        label: 'twice as many shards',
        set: { streamShards: Math.min(2 * streamShards, MOST_SHARDS) },
      },
    ],
  })
  return told
}
