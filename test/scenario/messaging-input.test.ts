/** What a person is told who gets queues, streams, topics and their events wrong. */
import { describe, expect, test } from 'vitest'
import { compile, complaint, scenario } from './support.ts'

/** One function with these keys beside what every function needs, and other sections. */
function worker(keys: string, parts: Readonly<Record<string, string>> = {}): string {
  const functions = `
  work:
    runtime: nodejs22.x
    handler: { duration: 50ms }
    coldStart: none
    timeout: 10s
    ${keys}`
  return scenario({ functions, traffic: '{}', ...parts })
}

const QUEUES = { queues: '{ orders: {} }' }

const reading = (event: string, queue = '{}') =>
  worker(`events: { orders: ${event} }`, { queues: `{ orders: ${queue} }` })

describe('a value that is known, but not allowed where it is', () => {
  test('is not what was probably meant', async () => {
    const text = scenario({
      queues: '{ orders: { fifoThroughputLimit: perMessageGroupId } }',
    })
    const told = await complaint(text)
    expect(told).toContain('fifoThroughputLimit belongs to a FIFO queue')
    expect(told).not.toContain('did you mean')
  })
})

describe('a reshard', () => {
  const resharding = (stream: string, shardCount: number) =>
    scenario({
      streams: `{ topic: ${stream} }`,
      timeline: `[{ at: 5m, reshard: topic, shardCount: ${shardCount} }]`,
    })

  test('never gives a Kafka topic fewer partitions', async () => {
    const topic = '{ type: kafka, partitions: 3 }'
    expect(await complaint(resharding(topic, 2))).toContain(
      'a Kafka topic never has fewer partitions than before: topic has 3',
    )
    expect(await complaint(resharding(topic, 6))).toBe('no complaint')
    expect(await complaint(resharding('{ shardCount: 3 }', 2))).toBe('no complaint')
  })

  test('is not for a stream whose shards follow the traffic', async () => {
    const stream = '{ streamModeDetails: { streamMode: ON_DEMAND } }'
    expect(await complaint(resharding(stream, 8))).toContain('topic is an ON_DEMAND stream')
  })
})

describe('a timeline', () => {
  test('is not said to name an event that is not there where its function has another fault', async () => {
    const text = scenario({
      functions: `
  work:
    runtime: nodejs22.x
    handler: { duration: 50ms }
    events: { orders: { type: sqs, queue: orders, batchSize: 0 } }`,
      queues: '{ orders: {} }',
      traffic: '{}',
      timeline: '[{ at: 5m, disable: work.orders }]',
    })
    const told = await complaint(text)
    expect(told).toContain('batchSize is a whole number')
    expect(told).not.toContain('there is no `work.orders`')
  })
})

describe('a reserved concurrency below what polling begins with', () => {
  const warned = async (reserved: number, event = '') => {
    const functions = `
  work:
    runtime: nodejs22.x
    timeout: 5s
    reservedConcurrentExecutions: ${reserved}
    handler: { duration: 50ms }
    events: { orders: { type: sqs, queue: orders${event} } }`
    const { warnings } = await compile(
      scenario({ functions, queues: '{ orders: {} }', traffic: '{}' }),
    )
    return warnings.filter((text) => text.includes('reserved concurrency')).join(' ')
  }

  test('is warned of, with advice that AWS would take', async () => {
    expect(await warned(4)).toContain('the 5 batches that polling starts with')
    expect(await warned(4)).toContain('set scalingConfig.maximumConcurrency')
    expect(await warned(5)).toBe('')
    const pollers = ', provisionedPollerConfig: { minimumPollers: 3 }'
    expect(await warned(29, pollers)).toContain('the 30 batches that polling starts with')
    expect(await warned(29, pollers)).not.toContain('maximumConcurrency')
    expect(await warned(30, pollers)).toBe('')
    expect(await warned(0)).toContain('switches the function off')
    expect(await warned(0)).not.toContain('maximumConcurrency')
  })
})

describe('an event', () => {
  test('names what it reads', async () => {
    const text = worker('events: { orders: { type: sqs } }', QUEUES)
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:15: missing required key \`queue\` in functions.work.events.orders
            events: { orders: { type: sqs } }
                      ^^^^^^"
    `)
  })

  test('reads what is declared, and a wrong name brings the right one to mind', async () => {
    const text = reading('{ type: sqs, queue: ordres }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:43: there is no queue \`ordres\`: known are orders; did you mean \`orders\`?
            events: { orders: { type: sqs, queue: ordres } }
                                                  ^^^^^^"
    `)
  })

  test('invokes an alias or version that there is', async () => {
    const aliases = 'aliases: { live: { functionVersion: "7" } }'
    const text = worker(
      `${aliases}\n    events: { orders: { type: sqs, queue: orders, qualifier: liv } }`,
      QUEUES,
    )
    expect(await complaint(text)).toContain(
      's.yaml:11:62: function `work` has no alias or version `liv`: known are live, 7, $LATEST; did you mean `live`?',
    )
    expect(await complaint(text.replace('liv }', 'live }'))).toBe('no complaint')
  })

  test('reads a node of its own kind', async () => {
    const text = worker('events: { orders: { type: sqs, queue: orders } }', {
      topics: '{ orders: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:43: \`orders\` is a topic, and the queue of an sqs event is a queue
            events: { orders: { type: sqs, queue: orders } }
                                                  ^^^^^^"
    `)
  })

  test('has a type that is known', async () => {
    const text = reading('{ type: sqss, queue: orders }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:31: \`sqss\` is no known event type: known are sqs, kinesis, dynamodb, msk, sns, eventbridge, s3, schedule, warmer, rest-api, http-api, websocket-api, alb, function-url; did you mean \`sqs\`?
            events: { orders: { type: sqss, queue: orders } }
                                      ^^^^"
    `)
  })

  test('of a queue leaves messages invisible for as long as the function may run', async () => {
    const text = reading('{ type: sqs, queue: orders }', '{ visibilityTimeout: 5s }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:43: InvalidParameterValueException: Queue visibility timeout: 5 seconds is less than Function timeout: 10 seconds
            events: { orders: { type: sqs, queue: orders } }
                                                  ^^^^^^"
    `)
  })

  test('collects more than ten messages only in a window', async () => {
    const text = reading('{ type: sqs, queue: orders, batchSize: 100 }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:62: a batchSize over 10 needs a maximumBatchingWindow of at least 1s (AWS answers InvalidParameterValueException)
            events: { orders: { type: sqs, queue: orders, batchSize: 100 } }
                                                                     ^^^"
    `)
  })

  test('of a FIFO queue has at most ten messages and no window', async () => {
    const text = reading(
      '{ type: sqs, queue: orders, batchSize: 11, maximumBatchingWindow: 1s }',
      '{ fifoQueue: true }',
    )
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:62: batchSize of a FIFO queue is at most 10
            events: { orders: { type: sqs, queue: orders, batchSize: 11, maximumBatchingWindow: 1s } }
                                                                     ^^
      s.yaml:10:89: a FIFO queue has no batching window: leave maximumBatchingWindow out
            events: { orders: { type: sqs, queue: orders, batchSize: 11, maximumBatchingWindow: 1s } }
                                                                                                ^^"
    `)
  })

  test('of type kinesis reads no Kafka topic', async () => {
    const text = worker('events: { c: { type: kinesis, stream: clicks } }', {
      streams: '{ clicks: { type: kafka } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:43: clicks is a kafka stream: its events have type msk
            events: { c: { type: kinesis, stream: clicks } }
                                                  ^^^^^^"
    `)
  })

  test('of type msk reads no Kinesis stream', async () => {
    const text = worker('events: { c: { type: msk, stream: clicks } }', {
      streams: '{ clicks: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:39: clicks is a kinesis stream: its events have type kinesis
            events: { c: { type: msk, stream: clicks } }
                                              ^^^^^^"
    `)
  })
})

describe('a filter', () => {
  test('lets no more than all through', async () => {
    const text = reading('{ type: sqs, queue: orders, filter: 120% }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:59: a share is at most 100% (\`120%\`)
            events: { orders: { type: sqs, queue: orders, filter: 120% } }
                                                                  ^^^^"
    `)
  })

  test('says its share in percent', async () => {
    const text = reading('{ type: sqs, queue: orders, filter: 0.8 }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:59: a filter is a share such as 80%, or attributes and the values to let through
            events: { orders: { type: sqs, queue: orders, filter: 0.8 } }
                                                                  ^^^"
    `)
  })

  test('lets no negative share through', async () => {
    const text = reading('{ type: sqs, queue: orders, filter: -5% }')
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:59: a share cannot be negative (\`-5%\`)
            events: { orders: { type: sqs, queue: orders, filter: -5% } }
                                                                  ^^^"
    `)
  })

  test('reads attributes whose shares are all there is', async () => {
    const text = worker('', {
      ...QUEUES,
      traffic:
        '{ shop: { to: orders, rate: 1/s, attributes: { kind: { order: 60%, refund: 30% } } } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:11:63: the shares of the values of an attribute add up to 100%
        traffic: { shop: { to: orders, rate: 1/s, attributes: { kind: { order: 60%, refund: 30% } } } }
                                                                      ^"
    `)
  })
})

describe('a dead-letter queue', () => {
  test('does not lead back', async () => {
    const text = worker('', {
      queues: `\n  one: { redrivePolicy: { deadLetterTarget: two, maxReceiveCount: 3 } }\n  two: { redrivePolicy: { deadLetterTarget: one, maxReceiveCount: 3 } }`,
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:45: dead-letter queues lead in a circle: from one back to it
          one: { redrivePolicy: { deadLetterTarget: two, maxReceiveCount: 3 } }
                                                    ^^^
      s.yaml:14:45: dead-letter queues lead in a circle: from two back to it
          two: { redrivePolicy: { deadLetterTarget: one, maxReceiveCount: 3 } }
                                                    ^^^"
    `)
  })

  test('of a FIFO queue is one as well', async () => {
    const text = worker('', {
      queues:
        '{ orders: { fifoQueue: true, redrivePolicy: { deadLetterTarget: failed, maxReceiveCount: 3 } }, failed: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:12:73: InvalidParameterValueException: the dead-letter queue of a FIFO queue must be a FIFO queue as well
        ...: { fifoQueue: true, redrivePolicy: { deadLetterTarget: failed, maxReceiveCount: 3 } }, failed: {} }
                                                                   ^^^^^^"
    `)
  })

  test('gets a message after at least one receive', async () => {
    const text = worker('', {
      queues:
        '{ orders: { redrivePolicy: { deadLetterTarget: failed, maxReceiveCount: -1 } }, failed: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:12:81: maxReceiveCount is a whole number from 1 to 1000
        queues: { orders: { redrivePolicy: { deadLetterTarget: failed, maxReceiveCount: -1 } }, failed: {} }
                                                                                        ^^"
    `)
  })
})

describe('a destination', () => {
  test('is declared', async () => {
    const text = worker('eventInvokeConfig: { destinationConfig: { onFailure: fialed } }', {
      queues: '{ failed: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:58: there is no queue, topic, bus, function or bucket \`fialed\`: known are failed, work; did you mean \`failed\`?
            eventInvokeConfig: { destinationConfig: { onFailure: fialed } }
                                                                 ^^^^^^"
    `)
  })

  test('is of a kind that Lambda can send to', async () => {
    const text = worker('eventInvokeConfig: { destinationConfig: { onSuccess: done } }', {
      streams: '{ done: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:58: \`done\` is a stream, and a destination for success is a queue, a topic, a bus or a function
            eventInvokeConfig: { destinationConfig: { onSuccess: done } }
                                                                 ^^^^"
    `)
  })

  test('is no FIFO queue, nor is a dead-letter queue of Lambda', async () => {
    const keys = `eventInvokeConfig: { destinationConfig: { onFailure: failed } }
    deadLetterConfig: { deadLetterTarget: failed }
    events: { clicks: { type: kinesis, stream: clicks, destinationConfig: { onFailure: failed } } }`
    const text = worker(keys, {
      queues: '{ failed: { fifoQueue: true } }',
      streams: '{ clicks: {} }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:10:58: \`failed\` is a FIFO queue, and a destination for failure is a standard queue (AWS refuses the parameter)
            eventInvokeConfig: { destinationConfig: { onFailure: failed } }
                                                                 ^^^^^^
      s.yaml:11:43: \`failed\` is a FIFO queue, and a dead-letter target is a standard queue (AWS refuses the parameter)
            deadLetterConfig: { deadLetterTarget: failed }
                                                  ^^^^^^
      s.yaml:12:88: \`failed\` is a FIFO queue, and a failure destination is a standard queue (AWS refuses the parameter)
            events: { clicks: { type: kinesis, stream: clicks, destinationConfig: { onFailure: failed } } }
                                                                                               ^^^^^^"
    `)
  })

  test('of a call is declared', async () => {
    const text = worker('', {
      queues: '{ orders: {} }',
      functions:
        '{ work: { runtime: nodejs22.x, coldStart: none, handler: { duration: 50ms, calls: [{ queue: order }] } } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:4:104: there is no queue \`order\`: known are orders; did you mean \`orders\`?
        ...: { runtime: nodejs22.x, coldStart: none, handler: { duration: 50ms, calls: [{ queue: order }] } } }
                                                                                                 ^^^^^"
    `)
  })
})

describe('initial', () => {
  test('fills only what is declared', async () => {
    const text = worker('', { ...QUEUES, initial: '{ queues.ordres: { messages: 5 } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:12: there is no queues.ordres: known are orders; did you mean \`orders\`?
        initial: { queues.ordres: { messages: 5 } }
                   ^^^^^^^^^^^^^"
    `)
  })

  test('holds no negative number of messages', async () => {
    const text = worker('', { ...QUEUES, initial: '{ queues.orders: { messages: -5 } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:39: messages is a whole number from 0 to 20000000
        initial: { queues.orders: { messages: -5 } }
                                              ^^"
    `)
  })
})

describe('a verb of the timeline', () => {
  test('names an event that there is', async () => {
    const text = worker('events: { orders: { type: sqs, queue: orders } }', {
      ...QUEUES,
      timeline: '[{ at: 1m, disable: work.ordres }]',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:31: \`disable\` names an event as FUNCTION.EVENT, and there is no \`work.ordres\`: known are work.orders; did you mean \`work.orders\`?
        timeline: [{ at: 1m, disable: work.ordres }]
                                      ^^^^^^^^^^^"
    `)
  })

  test('names a queue that there is', async () => {
    const text = worker('', { ...QUEUES, timeline: '[{ at: 1m, redrive: ordres }]' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:31: there is no queue \`ordres\`: known are orders; did you mean \`orders\`?
        timeline: [{ at: 1m, redrive: ordres }]
                                      ^^^^^^"
    `)
  })

  test('names a node that knows it', async () => {
    const text = worker('', { ...QUEUES, timeline: '[{ at: 1m, reshard: orders, shardCount: 2 }]' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:31: \`orders\` is a queue, and what \`reshard\` names is a stream
        timeline: [{ at: 1m, reshard: orders, shardCount: 2 }]
                                      ^^^^^^"
    `)
  })

  test('leads to a queue that there is', async () => {
    const text = worker('', { ...QUEUES, timeline: '[{ at: 1m, redrive: orders, to: nowhere }]' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:13:31: orders is the dead-letter queue of no queue: AWS redrives only such
        timeline: [{ at: 1m, redrive: orders, to: nowhere }]
                                      ^^^^^^
      s.yaml:13:43: there is no queue \`nowhere\`: known are orders
        timeline: [{ at: 1m, redrive: orders, to: nowhere }]
                                                  ^^^^^^^"
    `)
  })
})

describe('traffic', () => {
  test('of users goes where an answer comes from', async () => {
    const text = worker('', {
      ...QUEUES,
      traffic: '{ shop: { to: orders, process: users, users: 5, thinkTime: 1s } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:11:41: users wait for an answer, and \`orders\` gives none: use a rate
        traffic: { shop: { to: orders, process: users, users: 5, thinkTime: 1s } }
                                                ^^^^^"
    `)
  })

  test('goes to a node that there is', async () => {
    const text = worker('', { ...QUEUES, traffic: '{ shop: { to: queues.order, rate: 1/s } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:11:24: there is no function or queue \`queues.order\`: known are work, orders; did you mean \`orders\`?
        traffic: { shop: { to: queues.order, rate: 1/s } }
                               ^^^^^^^^^^^^"
    `)
  })

  test('has a rate and no duration', async () => {
    const text = worker('', { ...QUEUES, traffic: '{ shop: { to: orders, rate: 5s } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:11:38: \`5s\` is not a rate: a rate is a number per time, such as 200/s, 12/min, 90/h or 5000/d
        traffic: { shop: { to: orders, rate: 5s } }
                                             ^^"
    `)
  })

  test('brings messages of a size', async () => {
    const text = worker('', {
      ...QUEUES,
      traffic: '{ shop: { to: orders, rate: 1/s, payload: 2KB/s } }',
    })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:11:52: \`2KB/s\` is not a size: write 300B, 2KB or 1MB
        traffic: { shop: { to: orders, rate: 1/s, payload: 2KB/s } }
                                                           ^^^^^"
    `)
  })
})

describe('a duration', () => {
  test('has a unit', async () => {
    const text = worker('', { queues: '{ orders: { visibilityTimeout: 30 } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:12:40: \`30\` has no unit: write 30s or 30ms, say
        queues: { orders: { visibilityTimeout: 30 } }
                                               ^^"
    `)
  })

  test('is not negative', async () => {
    const text = worker('', { queues: '{ orders: { visibilityTimeout: -5s } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:12:40: a duration cannot be negative (\`-5s\`)
        queues: { orders: { visibilityTimeout: -5s } }
                                               ^^^"
    `)
  })

  test('stands at a key that is spelled right', async () => {
    const text = worker('', { queues: '{ orders: { visibiltyTimeout: 5s } }' })
    expect(await complaint(text)).toMatchInlineSnapshot(`
      "s.yaml:12:21: unknown key \`visibiltyTimeout\` in queues.orders; did you mean \`visibilityTimeout\`?
        queues: { orders: { visibiltyTimeout: 5s } }
                            ^^^^^^^^^^^^^^^^"
    `)
  })
})

describe('a threshold', () => {
  test('asks an event for what its type has', async () => {
    const text = worker('events: { orders: { type: sqs, queue: orders } }', {
      ...QUEUES,
      thresholds: '[work.orders.IteratorAge.p99 < 1s, work.orders.ThrottledBatches.sum < 5]',
    })
    const told = await complaint(text)
    expect(told).toContain('IteratorAge is never known: events of type sqs do not have it')
    expect(told).not.toContain('ThrottledBatches is never known')
  })
})
