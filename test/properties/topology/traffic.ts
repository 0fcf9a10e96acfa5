/** Producers of every process to any node, and what is there at the start. */
import fc from 'fast-check'
import { each, type Plan, rarely, resourcesOf, several, shape } from './plan.ts'

const rate = fc.constantFrom('0/s', '1/s', '5/s', '20/s')

const open = fc.oneof(
  fc.record({ process: fc.constantFrom('poisson', 'constant'), rate }),
  fc.constant({
    process: 'poisson',
    stages: [
      { for: '10s', rate: '1/s', rampTo: '20/s' },
      { for: '5s', rate: '20/s' },
    ],
  }),
  fc.constant({
    process: 'bursts',
    rate: '1/s',
    burst: { rate: '40/s', every: '15s', for: '1s' },
  }),
  fc.constant({
    process: 'daily',
    rate: '3/s',
    daily: { peakAt: '00:00', peakToTrough: 4 },
  }),
)

const users = fc.record({
  process: fc.constant('users'),
  users: fc.integer({ min: 0, max: 6 }),
  thinkTime: fc.constant({ exponential: { mean: '1s' } }),
})

function toResource(nodes: Plan) {
  return fc
    .record({
      to: fc.constantFrom(...resourcesOf(nodes)),
      process: open,
      batch: fc.constantFrom(1, 1, 5),
      shape,
    })
    .map(({ process, shape: own, ...keys }) => ({ ...keys, ...process, ...own }))
}

/** A function, or an alias of it. */
function lambda({ functions }: Plan) {
  return fc.constantFrom(...functions, ...functions.map((name) => `${name}:steady`))
}

function event(nodes: Plan) {
  return fc
    .record({
      to: lambda(nodes),
      process: open,
      batch: fc.constantFrom(1, 1, 5),
      shape,
    })
    .map(({ process, shape: own, ...keys }) => ({
      invocationType: 'Event',
      ...keys,
      ...process,
      ...own,
    }))
}

function request(nodes: Plan) {
  return fc
    .record({ to: lambda(nodes), process: fc.oneof(open, users) })
    .map(({ to, process }) => ({ to, ...process }))
}

export interface Traffic {
  readonly [name: string]: { readonly to: string; readonly [key: string]: unknown }
}

export function traffic(nodes: Plan): fc.Arbitrary<Traffic> {
  const toResources =
    resourcesOf(nodes).length === 0 ? [] : [{ weight: 4, arbitrary: toResource(nodes) }]
  const producer = fc.oneof(...toResources, event(nodes), request(nodes))
  return several(producer).map((list) =>
    Object.fromEntries(list.map((own, index) => [`p${index}`, own])),
  )
}

const keys = fc.constantFrom(undefined, { count: 3 })

export function initial(nodes: Plan) {
  const { standardQueues, fifoQueues, kinesis, kafka, tables } = nodes
  const records = rarely(
    fc.record({
      records: fc.integer({ min: 0, max: 60 }),
      iteratorAge: fc.constantFrom('0s', '50s', '10m'),
      keys,
    }),
  )
  return fc.record({
    queues: each([...standardQueues, ...fifoQueues], () =>
      rarely(
        fc.record({
          messages: fc.integer({ min: 0, max: 40 }),
          age: fc.constantFrom('0s', '50s', '10m'),
          receiveCount: fc.integer({ min: 0, max: 3 }),
          keys,
        }),
      ),
    ),
    streams: each([...kinesis, ...kafka], () => records),
    tables: each(tables, () => records),
  })
}
