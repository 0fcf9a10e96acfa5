import { describe, expect, it } from 'vitest'
import { ARRIVED, attemptTimes, messaging } from '../../support/messaging.ts'
import { run, SECOND } from '../../support/run.ts'

const NOTIFIED = { events: { put: { type: 's3', bucket: 'uploads' } } }

describe('a bucket', () => {
  it('tells each function of each object, after the latency of notifications', async () => {
    const view = await run(
      messaging({
        functions: { work: NOTIFIED, other: NOTIFIED },
        buckets: { uploads: { notificationLatency: '3s' } },
        traffic: { one: { to: 'uploads', batch: 4 } },
      }),
    )
    expect(attemptTimes(view)).toEqual(Array(4).fill(ARRIVED + 3 * SECOND))
    expect(view.ledger('uploads')).toEqual({ entered: 8, handedOn: 8 })
    expect(view.value('uploads.ObjectsCreated.sum')).toBe(4)
    expect(view.value('uploads.NotificationsDelivered.sum')).toBe(8)
  })

  it('takes 1 s by default, which is an assumption', async () => {
    const view = await run(
      messaging({
        functions: { work: NOTIFIED },
        buckets: { uploads: {} },
        traffic: { one: { to: 'uploads' } },
      }),
    )
    expect(attemptTimes(view)).toEqual([ARRIVED + SECOND])
  })

  it('draws the latency of each notification', async () => {
    const view = await run(
      messaging({
        functions: { work: NOTIFIED, other: NOTIFIED },
        buckets: { uploads: { notificationLatency: { uniform: { min: '1s', max: '9s' } } } },
        traffic: { one: { to: 'uploads', batch: 50 } },
      }),
    )
    const work = attemptTimes(view, 'work')
    expect(work[0]).toBeGreaterThan(ARRIVED + SECOND)
    expect(work.at(-1)).toBeLessThan(ARRIVED + 9 * SECOND)
    expect(attemptTimes(view, 'other')).not.toEqual(work)
  })

  it('just stores what nobody is told of', async () => {
    const put = { ...NOTIFIED.events.put, filter: { kind: 'image' } }
    const view = await run(
      messaging({
        functions: { work: { events: { put } } },
        buckets: { uploads: {}, archive: {} },
        traffic: { one: { to: 'archive' }, two: { to: 'uploads', batch: 2 } },
      }),
    )
    expect(view.ledger('archive')).toEqual({ entered: 1, succeeded: 1 })
    expect(view.ledger('uploads')).toEqual({ entered: 2, succeeded: 2 })
  })

  it('tries again while the function does not answer', async () => {
    const view = await run(
      messaging({
        functions: { work: NOTIFIED },
        buckets: { uploads: {} },
        traffic: { one: { to: 'uploads' } },
        timeline: [{ at: '0s', eventOutage: 'work', for: '10s' }],
      }),
    )
    expect(view.ledger('uploads')).toEqual({ entered: 1, handedOn: 1 })
    expect(attemptTimes(view)[0]).toBeGreaterThan(10 * SECOND)
  })

  it('is a failure destination', async () => {
    const work = {
      handler: { duration: '100ms', errorRate: '100%' },
      eventInvokeConfig: { maximumRetryAttempts: 0, destinationConfig: { onFailure: 'uploads' } },
    }
    const view = await run(
      messaging({
        functions: { work },
        buckets: { uploads: {} },
        traffic: { one: { to: 'work', invocationType: 'Event' } },
      }),
    )
    expect(view.ledger('work')).toEqual({ entered: 1, deliveredToDestination: 1 })
    expect(view.ledger('uploads')).toEqual({ entered: 1, succeeded: 1 })
  })
})
