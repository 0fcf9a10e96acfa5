import { expect, test } from 'vitest'
import { PROTOCOLS } from '../../src/model/doors/protocols.ts'
import { EVENT_SOURCES } from '../../src/model/invocation/event-sources.ts'
import { compileText, run } from '../support/run.ts'

const EVENTS: Readonly<Record<string, object>> = {
  sqs: { queue: 'node' },
  kinesis: { stream: 'node' },
  dynamodb: { table: 'node' },
  msk: { stream: 'topic' },
  sns: { topic: 'node' },
  eventbridge: { bus: 'node' },
  s3: { bucket: 'node' },
  schedule: { schedule: 'rate(1 minute)' },
  warmer: { schedule: 'rate(1 minute)' },
  ...Object.fromEntries(PROTOCOLS.map(({ kind }) => [kind, { api: 'node' }])),
}

const cases = EVENT_SOURCES.flatMap(({ kind }) => [
  { kind, more: {} },
  ...(['sqs', 'msk'].includes(kind) ? [{ kind, more: { provisionedPollerConfig: {} } }] : []),
])

const scenario = (kind: string, more: object) => ({
  name: 'metrics',
  duration: '2m',
  account: { region: 'us-east-1' },
  functions: {
    work: {
      runtime: 'nodejs22.x',
      handler: { duration: '10ms' },
      coldStart: 'none',
      events: { e: { type: kind, ...EVENTS[kind], ...more } },
    },
  },
  queues: { node: {} },
  streams: { node: {}, topic: { type: 'kafka' } },
  tables: { node: {} },
  topics: { node: {} },
  buses: { node: {} },
  buckets: { node: {} },
  ...(PROTOCOLS.some((protocol) => protocol.kind === kind)
    ? { apis: { node: { protocol: kind } } }
    : {}),
})

test.each(cases)(
  'an event of type $kind $more has the metrics that it says',
  async ({ kind, more }) => {
    const listed = (await compileText(scenario(kind, more))).parts.find(
      ({ scope }) => scope === 'event',
    )?.metrics
    const { output } = await run(scenario(kind, more), { allStatistics: true })
    const seen = output.summary.flatMap(({ scope, metric }) => (scope === 'event' ? [metric] : []))
    // A duration without a sample has no row.
    const counted = (listed ?? []).filter((metric) => metric !== 'IteratorAge')
    expect([...new Set(seen)].sort()).toEqual([...counted].sort())
  },
)
