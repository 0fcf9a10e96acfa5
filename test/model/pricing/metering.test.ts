/** What entities are charged for, in runs of which every use is known. */
import { describe, expect, it } from 'vitest'
import { simulate } from '../../../src/experiment/simulate.ts'

type Parts = Readonly<Record<string, unknown>>

function lambda(keys: Parts = {}): Parts {
  return {
    runtime: 'nodejs22.x',
    memorySize: 1024,
    timeout: '20s',
    coldStart: 'none',
    handler: { duration: '100ms' },
    keepAlive: { policy: 'fixed', idleTimeout: '1h' },
    ...keys,
  }
}

/** Ten a second for ten seconds. */
function hundred(to: string, keys: Parts = {}): Parts {
  return { to, process: 'constant', stages: [{ for: '10s', rate: '10/s' }], ...keys }
}

/** Quantities by `NAME ITEM`. */
async function quantities(parts: Parts): Promise<Readonly<Record<string, number>>> {
  const { bill } = await simulate({
    name: 'metered',
    duration: '1h',
    metricsPeriod: '1h',
    account: { region: 'us-east-1' },
    ...parts,
  })
  return Object.fromEntries(
    bill!.lines.map(({ name, item, quantity }) => [`${name} ${item}`, Number(quantity)]),
  )
}

describe('a function', () => {
  it('is charged for storage above 512 MB as long as for its memory', async () => {
    const used = await quantities({
      functions: { f: lambda({ ephemeralStorage: { size: 2560 } }) },
      traffic: { t: hundred('f') },
    })
    expect(used['f lambda-duration-x86_64']).toBe(10)
    expect(used['f lambda-ephemeral-storage']).toBe(20)
  })

  it('is charged for snapshots and restores, except with a managed runtime of Java', async () => {
    const snapped = (runtime: string): Parts =>
      lambda({
        runtime,
        snapStart: { applyOn: 'PublishedVersions' },
        aliases: { live: { functionVersion: '1' } },
        coldStart: { placement: '0ms', init: '2s', restore: '200ms', firstInvocation: '0ms' },
      })
    const run = (runtime: string) =>
      quantities({ functions: { f: snapped(runtime) }, traffic: { t: hundred('f:live') } })
    const [python, java] = await Promise.all([run('python3.13'), run('java21')])
    expect(python!['f lambda-snapstart-cache']).toBe(3_600)
    // Arrivals are 100 ms apart and a restore takes 200: three environments, of 1 GB each.
    expect(python!['f lambda-snapstart-restore']).toBe(3)
    expect(java!['f lambda-snapstart-cache']).toBeUndefined()
    expect(java!['f lambda-snapstart-restore']).toBeUndefined()
  })

  it('is charged for at least three hours of a snapshot that is published in the run', async () => {
    const run = (duration: string) =>
      quantities({
        duration,
        functions: {
          f: lambda({
            runtime: 'python3.13',
            memorySize: 2048,
            snapStart: { applyOn: 'PublishedVersions' },
            provisionedConcurrentExecutions: 0,
            coldStart: { init: '2s' },
          }),
        },
        timeline: [{ at: '30m', deploy: 'f' }],
      })
    // 2 GB: the first version was there before; the second one lacks 2.5 hours.
    const short = await run('1h')
    expect(short['f lambda-snapstart-cache']).toBe(2 * (3_600 + 1_800))
    expect(short['f lambda-snapstart-cache-minimum']).toBe(2 * 9_000)
    const long = await run('3h30m')
    expect(long['f lambda-snapstart-cache']).toBe(2 * (12_600 + 10_800))
    expect(long).not.toHaveProperty('f lambda-snapstart-cache-minimum')
  })

  it('is charged for what its invocations log, where that is said', async () => {
    const of = (bytesPerInvocation: string) =>
      quantities({
        functions: { f: lambda({ loggingConfig: { bytesPerInvocation } }) },
        traffic: { t: hundred('f') },
      })
    expect((await of('2KB'))['f cloudwatch-logs']).toBeCloseTo(200 / 1_048_576, 12)
    expect(await of('0B')).not.toHaveProperty('f cloudwatch-logs')
  })

  it('is charged for each environment of a tenant', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          coldStart: { placement: '0ms', init: '0ms', firstInvocation: '0ms' },
          tenancyConfig: { tenantIsolationMode: 'PER_TENANT', tenants: 1 },
        }),
      },
      traffic: { t: hundred('f', { stages: [{ for: '10s', rate: '1/s' }] }) },
    })
    expect(used['f lambda-tenant-environments']).toBe(1)
  })

  it('is charged for inits that nobody asked for', async () => {
    const cold = { placement: '100ms', init: '400ms', firstInvocation: '0s', proactive: '80%' }
    const once = { to: 'f', process: 'constant', stages: [{ for: '1s', rate: '1/s' }] }
    const [asked, unasked] = await Promise.all(
      ['0%', '80%'].map((proactive) =>
        quantities({
          functions: { f: lambda({ coldStart: { ...cold, proactive } }) },
          traffic: { once },
        }),
      ),
    )
    expect(asked!['f lambda-duration-x86_64']).toBe(0.5)
    const more = unasked!['f lambda-duration-x86_64']! - 0.5
    expect(more).toBeGreaterThan(0)
    expect(Math.round(more * 1_000) % 400).toBe(0)
  })

  it('is charged for what ran in the warm-up, too', async () => {
    const used = await quantities({
      warmUp: '5s',
      functions: { f: lambda() },
      traffic: { t: hundred('f') },
    })
    expect(used).toEqual({ 'f lambda-requests': 100, 'f lambda-duration-x86_64': 10 })
  })

  it('is charged nothing for throttles', async () => {
    const used = await quantities({
      functions: { f: lambda({ reservedConcurrentExecutions: 0 }) },
      traffic: { t: hundred('f') },
    })
    expect(used).toEqual({})
  })

  it.each([
    ['2025-08', 2],
    ['2025-07', 0],
  ])(
    'on the platform of %s is charged for %d GB-seconds of an init of 2 s',
    async (platform, expected) => {
      const used = await quantities({
        platform,
        functions: {
          f: lambda({ coldStart: { placement: '1s', init: '2s', firstInvocation: '0s' } }),
        },
        // One at a time.
        traffic: {
          t: { to: 'f', process: 'users', users: 1, thinkTime: '2s' },
        },
        duration: '203.05s',
      })
      const invocations = used['f lambda-requests']!
      expect(invocations).toBeGreaterThan(90)
      expect(used['f lambda-duration-x86_64']! - invocations * 0.1).toBeCloseTo(expected, 6)
    },
  )

  it('is charged for an init whose request another environment has served', async () => {
    const coldStart = { placement: '0s', init: '2s', firstInvocation: '0s', handOver: 'busy' }
    // The second request begins an init and gets the environment of the first after a second.
    const used = await quantities({
      functions: { f: lambda({ handler: { duration: '1s' }, coldStart }) },
      initial: { functions: { f: { environments: 1 } } },
      traffic: { t: { to: 'f', process: 'constant', stages: [{ for: '1s', rate: '2/s' }] } },
    })
    expect(used).toEqual({ 'f lambda-requests': 2, 'f lambda-duration-x86_64': 1 + 1 + 2 })
  })

  it('is charged for provisioned concurrency while it is configured, and for its init', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          memorySize: 2048,
          provisionedConcurrentExecutions: 1,
          coldStart: { placement: '0s', init: '3s', firstInvocation: '0s' },
        }),
      },
      traffic: { t: hundred('f') },
      timeline: [
        { at: '2m', set: { 'functions.f.provisionedConcurrentExecutions': 4 } },
        { at: '32m', set: { 'functions.f.provisionedConcurrentExecutions': 0 } },
      ],
    })
    expect(used).toEqual({
      'f lambda-requests': 100,
      // 32 minutes are rounded up to 35.
      'f lambda-provisioned-concurrency-x86_64': 2 * 60 * (1 * 2 + 4 * 33),
      // Three of the four are initialised in the run, the other one before it.
      'f lambda-provisioned-duration-x86_64': 2 * (10 + 3 * 3),
    })
  })

  it('is charged for each init of provisioned environments that are recycled', async () => {
    const { bill, summary } = await simulate({
      name: 'metered',
      duration: '1h',
      account: { region: 'us-east-1' },
      functions: {
        f: lambda({
          provisionedConcurrentExecutions: 2,
          provisionedLifetime: '10m',
          coldStart: { placement: '0s', init: '3s', firstInvocation: '0s' },
        }),
      },
    })
    const billedMs = summary.find(({ metric }) => metric === 'ProvisionedInitBilledDuration')!
    const inits = billedMs.value / 3_000
    // Each of the two is replaced after 7.5 to 12.5 minutes, again and again.
    expect(inits).toBeGreaterThanOrEqual(2 * 4)
    expect(inits).toBeLessThanOrEqual(2 * 8)
    const line = bill!.lines.find(({ item }) => item === 'lambda-provisioned-duration-x86_64')
    expect(Number(line!.quantity)).toBe(3 * inits)
  })

  it('is charged for spillover as for any invocation on demand', async () => {
    const used = await quantities({
      functions: { f: lambda({ architectures: 'arm64', provisionedConcurrentExecutions: 1 }) },
      traffic: {
        t: { to: 'f', process: 'constant', stages: [{ for: '1s', rate: '20/s' }] },
      },
    })
    // Ten a second is what one provisioned environment takes, and it is busy every other time.
    expect(used['f lambda-requests']).toBe(20)
    const ran = used['f lambda-duration-arm64']! + used['f lambda-provisioned-duration-arm64']!
    expect(used['f lambda-duration-arm64']).toBeGreaterThan(0)
    expect(ran).toBeCloseTo(2, 10)
  })

  it('is charged for a large asynchronous event as for several requests', async () => {
    const used = await quantities({
      functions: { f: lambda() },
      traffic: { t: hundred('f', { invocationType: 'Event', payload: '400KB' }) },
    })
    // 256 KB are one request, and each further 64 KB one more.
    expect(used['f lambda-requests']).toBe(100 * (1 + 3))
  })
})

describe('a queue', () => {
  it('is charged for sends, receives and deletions by 64 KB and by tens', async () => {
    const used = await quantities({
      functions: {
        f: lambda({ events: { q: { type: 'sqs', queue: 'q', batchSize: 10 } } }),
      },
      queues: { q: {} },
      // All at once, so that each receive brings ten.
      initial: { queues: { q: { messages: 100, payload: '20KB' } } },
    })
    // 200 KB are four requests, and ten messages are deleted at once.
    expect(used['q sqs-requests']).toBe(10 * 4 + 10)
  })

  it('is charged for a message of 100 KB as for two sends and two receives', async () => {
    const used = await quantities({
      functions: { f: lambda({ events: { q: { type: 'sqs', queue: 'q' } } }) },
      queues: { q: {} },
      traffic: {
        t: {
          to: 'q',
          process: 'constant',
          stages: [{ for: '10s', rate: '1/s' }],
          payload: '100KB',
        },
      },
    })
    expect(used['q sqs-requests']).toBe(10 * (2 + 2 + 1))
  })

  it('is charged for deletions of what a filter leaves out', async () => {
    const used = await quantities({
      functions: { f: lambda({ events: { q: { type: 'sqs', queue: 'q', filter: '0%' } } }) },
      queues: { q: {} },
      traffic: { t: { to: 'q', process: 'constant', stages: [{ for: '10s', rate: '1/s' }] } },
    })
    expect(used['q sqs-requests']).toBe(10 * 3)
  })

  it('is charged by another price where it is FIFO', async () => {
    const used = await quantities({
      functions: { f: lambda({ events: { q: { type: 'sqs', queue: 'q' } } }) },
      queues: { q: { fifoQueue: true } },
      traffic: { t: { to: 'q', process: 'constant', stages: [{ for: '10s', rate: '1/s' }] } },
    })
    expect(used['q sqs-fifo-requests']).toBe(10 * 3)
  })

  it('has pollers that are charged by the hour in provisioned mode', async () => {
    const provisionedPollerConfig = { minimumPollers: 3, maximumPollers: 3 }
    const used = await quantities({
      functions: {
        f: lambda({ events: { q: { type: 'sqs', queue: 'q', provisionedPollerConfig } } }),
      },
      queues: { q: {} },
      duration: '30m',
    })
    expect(used['f.q lambda-sqs-event-pollers']).toBe(1.5)
  })

  describe('that is empty', () => {
    const polled = (keys: Parts = {}, parts: Parts = {}) =>
      quantities({
        functions: { f: lambda({ events: { q: { type: 'sqs', queue: 'q', ...keys } } }) },
        queues: { q: {} },
        ...parts,
      })
    const hourly = (places: number) => ({ 'f.q sqs-empty-receives': places * 180 })

    it('is asked every 20 seconds by each poller that waits, which is charged', async () => {
      expect(await polled()).toEqual(hourly(5))
      const scalingConfig = { maximumConcurrency: 2 }
      expect(await polled({ scalingConfig })).toEqual(hourly(2))
    })

    it('is asked by ten waits of each provisioned poller', async () => {
      const provisionedPollerConfig = { minimumPollers: 3 }
      const used = await polled({ provisionedPollerConfig })
      expect(used).toMatchObject(hourly(30))
    })

    it('is not asked by those that have a batch, nor while the event is disabled', async () => {
      const slow = {
        functions: {
          f: lambda({
            timeout: '15m',
            handler: { duration: '10m' },
            events: { q: { type: 'sqs', queue: 'q' } },
          }),
        },
        queues: { q: { visibilityTimeout: '15m' } },
        traffic: { t: { to: 'q', process: 'constant', stages: [{ for: '1s', rate: '1/s' }] } },
      }
      // One of five has it for a sixth of the hour.
      const used = await polled({}, slow)
      expect(used['f.q sqs-empty-receives']).toBe(5 * 180 - 30)
      const timeline = [
        { at: '20m', disable: 'f.q' },
        { at: '40m', enable: 'f.q' },
      ]
      expect(await polled({}, { timeline })).toEqual({ 'f.q sqs-empty-receives': 600 })
      expect(await polled({ enabled: false })).toEqual({})
    })

    it('costs what its requests cost, for all hours of a month', async () => {
      const { bill, assumptions } = await simulate({
        name: 'metered',
        duration: '1h',
        account: { region: 'us-east-1' },
        functions: { f: lambda({ events: { q: { type: 'sqs', queue: 'q' } } }) },
        queues: { q: { fifoQueue: true } },
        billing: { represents: 'day', freeTier: true },
      })
      // 900 an hour, and the free million is for both kinds of queues.
      expect(bill!.lines).toMatchObject([
        { item: 'sqs-empty-receives', unitPriceUsd: '0.0000005', monthlyUsd: '0.3285' },
        { item: 'sqs-fifo-requests-free-tier', quantity: '-900', monthlyUsd: '-0.3285' },
      ])
      expect(assumptions).toContainEqual(
        expect.objectContaining({ id: 'sqs-empty-receives', confidence: 'assumed' }),
      )
    })
  })
})

describe('a proxy in front of a database', () => {
  const proxied = (keys: Parts = {}) => ({
    name: 'metered',
    duration: '30m',
    account: { region: 'us-east-1' },
    functions: { f: lambda({ handler: { duration: '10ms', calls: [{ downstream: 'db' }] } }) },
    downstreams: {
      db: { type: 'connection-pool', maxConnections: 10, service: '1ms', ...keys },
    },
    billing: { represents: 'day' },
  })
  const billed = async (keys: Parts) => {
    const { bill, assumptions } = await simulate(proxied(keys))
    const told = assumptions.map(({ id }) => id)
    return { lines: bill!.lines, isTold: told.includes('proxy-vcpus') }
  }

  it('is charged by the hour for each vCPU of the database, for at least two', async () => {
    const of = async (vCpus: number) => billed({ connection: 'proxy', proxy: { vCpus } })
    const four = { name: 'db', item: 'rds-proxy', quantity: '2', monthlyUsd: '43.8' }
    expect(await of(4)).toMatchObject({ lines: [four], isTold: false })
    expect(await of(1)).toMatchObject({ lines: [{ quantity: '1', monthlyUsd: '21.9' }] })
  })

  it('is charged for two where nothing says how many, and that is told', async () => {
    expect(await billed({ connection: 'proxy' })).toMatchObject({
      lines: [{ quantity: '1' }],
      isTold: true,
    })
    expect(await billed({})).toEqual({ lines: [], isTold: false })
  })
})

describe('topics and buses', () => {
  it('are charged for what is sent to them, by 64 KB, whoever gets it', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          events: { t: { type: 'sns', topic: 'news' }, b: { type: 'eventbridge', bus: 'events' } },
        }),
      },
      topics: { news: { subscriptions: [{ queue: 'q' }] } },
      buses: { events: {} },
      queues: { q: {} },
      traffic: {
        a: hundred('news', { payload: '65KB' }),
        b: hundred('events', { payload: '64KB' }),
      },
    })
    expect(used['news sns-requests']).toBe(200)
    expect(used['events eventbridge-events']).toBe(100)
    expect(used['q sqs-requests']).toBe(200)
  })
})

describe('a stream', () => {
  it('is charged by the shard and hour, by put units, and for enhanced fan-out', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          events: {
            a: { type: 'kinesis', stream: 's' },
            b: { type: 'kinesis', stream: 's', enhancedFanOut: true },
          },
        }),
      },
      streams: { s: { shardCount: 3, retentionPeriod: '48h' } },
      traffic: { t: hundred('s', { payload: '30KB' }) },
      timeline: [{ at: '30m', reshard: 's', shardCount: 1 }],
    })
    expect(used['s kinesis-shards']).toBe(2)
    expect(used['s kinesis-put-units']).toBe(200)
    expect(used['s kinesis-fan-out-shards']).toBe(2)
    expect(used['s kinesis-fan-out-data']).toBeCloseTo((100 * 30) / 1_024 / 1_024, 12)
    expect(used['s kinesis-extended-retention']).toBe(2)
  })

  it('is charged for what goes in and out where it is on demand', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          events: { a: { type: 'kinesis', stream: 's' }, b: { type: 'kinesis', stream: 's' } },
        }),
      },
      streams: { s: { streamModeDetails: { streamMode: 'ON_DEMAND' } } },
      traffic: { t: hundred('s', { payload: '30KB' }) },
    })
    const gigabytes = (100 * 30) / 1_024 / 1_024
    expect(used['s kinesis-on-demand-streams']).toBe(1)
    expect(used['s kinesis-on-demand-data-in']).toBeCloseTo(gigabytes, 12)
    expect(used['s kinesis-on-demand-data-out']).toBeCloseTo(2 * gigabytes, 12)
  })

  it('costs nothing as a Kafka topic, whose provisioned pollers are charged by units of ten', async () => {
    const provisionedPollerConfig = { minimumPollers: 11, maximumPollers: 11 }
    const used = await quantities({
      functions: {
        f: lambda({ events: { k: { type: 'msk', stream: 'k', provisionedPollerConfig } } }),
      },
      streams: { k: { type: 'kafka', partitions: 20 } },
      duration: '30m',
    })
    expect(used).toEqual({ 'f.k lambda-kafka-event-pollers': 1 })
  })
})

describe('a table', () => {
  const callsOf = (calls: readonly Parts[]): Parts =>
    lambda({ handler: { duration: '10ms', calls } })

  it('on demand is charged for the units of what it serves', async () => {
    const used = await quantities({
      functions: {
        f: callsOf([
          // Half a unit of 4 KB; two; twice one; three of 1 KB; twice one.
          { table: 't', operation: 'get', itemSize: '1KB' },
          { table: 't', operation: 'query', itemSize: '8KB', consistency: 'strong' },
          { table: 't', operation: 'transactGet', itemSize: '1KB' },
          { table: 't', operation: 'put', itemSize: '3KB' },
          { table: 't', operation: 'transactWrite', itemSize: '1KB' },
        ]),
      },
      tables: { t: {} },
      traffic: { a: hundred('f'), b: hundred('t', { payload: '2KB' }) },
    })
    expect(used['t dynamodb-read-request-units']).toBe(100 * (0.5 + 2 + 2))
    expect(used['t dynamodb-write-request-units']).toBe(100 * (3 + 2) + 100 * 2)
  })

  it('on demand is charged nothing for what it throttles', async () => {
    const used = await quantities({
      functions: { f: callsOf([{ table: 't', operation: 'put', itemSize: '1KB' }]) },
      tables: { t: { onDemandThroughput: { maxWriteRequestUnits: 5 } } },
      traffic: { a: hundred('f') },
    })
    expect(used['f lambda-requests']).toBe(100)
    expect(used['t dynamodb-write-request-units']).toBeGreaterThan(40)
    expect(used['t dynamodb-write-request-units']).toBeLessThan(60)
  })

  it('of provisioned capacity is charged for that by the hour, used or not', async () => {
    const used = await quantities({
      functions: { f: callsOf([{ table: 't', operation: 'get' }]) },
      tables: {
        t: {
          provisionedThroughput: { readCapacityUnits: 30, writeCapacityUnits: 20 },
          updateTime: '2m',
        },
      },
      traffic: { a: hundred('f') },
      timeline: [{ at: '28m', set: { 'tables.t.provisionedThroughput.writeCapacityUnits': 40 } }],
    })
    expect(used['t dynamodb-read-capacity']).toBe(30)
    // 20 for half an hour, then 40.
    expect(used['t dynamodb-write-capacity']).toBe(30)
    expect(Object.keys(used).filter((line) => line.includes('request-units'))).toEqual([])
  })
})

describe('a NAT gateway', () => {
  it('is charged by the hour and by what it processes, both ways', async () => {
    const network = { natGateway: 'out', requestSize: '1KB', responseSize: '3KB' }
    const used = await quantities({
      functions: {
        f: lambda({
          vpcConfig: { subnetIds: ['a'] },
          handler: { duration: '10ms', calls: [{ downstream: 'd' }] },
        }),
      },
      vpcs: { v: {} },
      subnets: { a: { vpcId: 'v', cidrBlock: '10.0.1.0/24' } },
      natGateways: { out: { vpcId: 'v' }, spare: { vpcId: 'v' } },
      downstreams: { d: { type: 'queueing-service', servers: 10, service: '5ms', network } },
      traffic: { a: hundred('f') },
      duration: '90m',
    })
    expect(used['out nat-gateway-hours']).toBe(1.5)
    expect(used['spare nat-gateway-hours']).toBe(1.5)
    expect(used['out nat-gateway-data']).toBeCloseTo((100 * 4) / 1_024 / 1_024, 12)
    expect(used).not.toHaveProperty('spare nat-gateway-data')
  })
})

describe('a front door', () => {
  it.each([
    ['rest-api', 'rest-api-requests'],
    ['http-api', 'http-api-requests'],
    ['websocket-api', 'websocket-api-messages'],
  ])(
    'of type %s is charged for requests, and not for those that it throttles',
    async (type, item) => {
      const used = await quantities({
        functions: { f: lambda({ events: { r: { type, api: 'door' } } }) },
        apis: { door: { protocol: type, throttle: { rate: '5/s', burst: 5 } } },
        traffic: { t: hundred('door') },
      })
      expect(used[`door ${item}`]).toBe(used['f lambda-requests'])
      expect(used['f lambda-requests']).toBeLessThan(60)
    },
  )

  it('that is an HTTP API is charged by 512 KB of the larger of request and answer', async () => {
    const used = await quantities({
      functions: {
        f: lambda({
          events: {
            r: { type: 'http-api', api: 'door', requestSize: '100KB', responseSize: '513KB' },
          },
        }),
      },
      apis: { door: { protocol: 'http-api' } },
      traffic: { t: hundred('door') },
    })
    expect(used['door http-api-requests']).toBe(200)
  })

  it('that is a WebSocket API is charged by 32 KB each way and by the minutes of connections', async () => {
    const size = { requestSize: '33KB', responseSize: '1KB' }
    const used = await quantities({
      functions: { f: lambda({ events: { r: { type: 'websocket-api', api: 'door', ...size } } }) },
      apis: { door: { protocol: 'websocket-api' } },
      traffic: {
        t: {
          to: 'door',
          process: 'constant',
          stages: [{ for: '10s', rate: '1/s' }],
          connection: { duration: '3m', messageInterval: '50s' },
        },
      },
    })
    // Three messages of each of ten connections.
    expect(used['door websocket-api-messages']).toBe(10 * 3 * (2 + 1))
    expect(used['door websocket-api-connections']).toBe(10 * 3)
  })

  it('that is a load balancer is charged capacity units by its largest dimension', async () => {
    const size = { requestSize: '0B', responseSize: '400KB' }
    const used = await quantities({
      functions: { f: lambda({ events: { r: { type: 'alb', api: 'door', ...size } } }) },
      apis: { door: { protocol: 'alb' } },
      traffic: { t: hundred('door') },
    })
    // 40,960,000 of 400,000,000 bytes an hour; 100 connections are 100 of 90,000.
    expect(used['door alb-capacity']).toBeCloseTo(0.1024, 9)
  })

  it('that is a load balancer is charged by the hour', async () => {
    const used = await quantities({
      functions: { f: lambda({ events: { r: { type: 'alb', api: 'door' } } }) },
      apis: { door: { protocol: 'alb' } },
    })
    expect(used).toEqual({ 'door alb-hours': 1 })
  })
})

describe('a state machine', () => {
  const definition = {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 1, Next: 'Done' }, Done: { Type: 'Succeed' } },
  }

  it('of type STANDARD is charged for its transitions', async () => {
    const used = await quantities({
      stateMachines: { m: { definition } },
      functions: { f: lambda() },
      traffic: { t: hundred('m') },
    })
    expect(used['m step-functions-transitions']).toBe(200)
  })

  it('of type EXPRESS is charged for requests and for duration in steps of 64 MB', async () => {
    const used = await quantities({
      stateMachines: { m: { type: 'EXPRESS', memory: 65, definition } },
      functions: { f: lambda() },
      traffic: { t: hundred('m') },
    })
    expect(used['m step-functions-express-requests']).toBe(100)
    expect(used['m step-functions-express-duration']).toBe(12.5)
  })
})
