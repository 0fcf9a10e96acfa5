import { describe, expect, test } from 'vitest'
import { run } from '../../support/run.ts'

/** A function that sends each message on to its own queue. */
const loop = (parts: object = {}) => ({
  name: 'loop',
  duration: '1h',
  drain: true,
  account: { region: 'us-east-1' },
  functions: {
    echo: {
      runtime: 'nodejs22.x',
      timeout: '3s',
      handler: { duration: '100ms', calls: [{ queue: 'work' }] },
      coldStart: 'none',
      events: { work: { type: 'sqs', queue: 'work' } },
      ...parts,
    },
  },
  queues: {
    work: {
      visibilityTimeout: '30s',
      redrivePolicy: { deadLetterTarget: 'failed', maxReceiveCount: 2 },
    },
    failed: {},
  },
  initial: { queues: { work: { messages: 1 } } },
})

describe('a function that feeds its own queue', () => {
  test('is invoked 16 times; then receives are used up, and the message is dead-lettered', async () => {
    const view = await run(loop())
    expect(view.value('echo.Invocations.sum')).toBe(16)
    expect(view.value('echo.RecursiveInvocationsDropped.sum')).toBe(2)
    expect(view.output.ledger).toContainEqual({
      scope: 'queue',
      name: 'work',
      outcome: 'deadLettered',
      count: 1,
    })
  })

  test('goes on for ever where that is allowed', async () => {
    const view = await run({ ...loop({ recursiveLoop: 'Allow' }), drain: false, duration: '10s' })
    expect(view.value('echo.Invocations.sum')).toBe(100)
  })
})

describe('a function that never runs and is its own failure target', () => {
  test('comes to an end, although nothing is ever invoked', async () => {
    const view = await run({
      name: 'circle',
      duration: '1m',
      account: { region: 'us-east-1' },
      functions: {
        off: {
          runtime: 'nodejs22.x',
          reservedConcurrentExecutions: 0,
          handler: { duration: '100ms' },
          coldStart: 'none',
          eventInvokeConfig: { destinationConfig: { onFailure: 'off' } },
        },
      },
      traffic: { e: { to: 'off', invocationType: 'Event', process: 'constant', rate: '1/min' } },
    })
    expect(view.value('off.Invocations.sum')).toBe(0)
    const outcomes = view.output.ledger.filter(({ scope }) => scope === 'function')
    expect(outcomes).toContainEqual({
      scope: 'function',
      name: 'off',
      outcome: 'dropped',
      count: 1,
    })
  })
})
