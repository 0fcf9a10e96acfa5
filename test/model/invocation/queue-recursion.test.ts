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
