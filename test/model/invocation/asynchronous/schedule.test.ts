import { describe, expect, it } from 'vitest'
import { attemptTimes, MINUTE, messaging } from '../../../support/messaging.ts'
import { run, SECOND } from '../../../support/run.ts'

/** Runs `work` on a schedule; the run starts on Monday, 2 March 2026, 00:00. */
function scheduled(schedule: string, event: object = {}, others: object = {}) {
  const events = { clock: { type: 'schedule', schedule, ...event } }
  return run(messaging({ functions: { work: { events } }, ...others }))
}

describe('a schedule', () => {
  it('fires at a rate', async () => {
    const view = await scheduled('rate(20 minutes)')
    expect(attemptTimes(view)).toEqual([20 * MINUTE, 40 * MINUTE])
    expect(view.ledger('work.clock')).toEqual({ entered: 2, handedOn: 2 })
    expect(view.value('work.clock.InvocationAttemptCount.sum')).toBe(2)
  })

  it('fires by the wall clock that startsAt sets', async () => {
    expect(attemptTimes(await scheduled('cron(0/30 * * * ? *)'))).toEqual([0, 30 * MINUTE])
    const later = await scheduled('cron(0/30 * * * ? *)', {}, { startsAt: '2026-03-02T08:10:30Z' })
    expect(attemptTimes(later)).toEqual([19.5 * MINUTE, 49.5 * MINUTE])
    expect(attemptTimes(await scheduled('cron(0 * ? * TUE *)'))).toEqual([])
  })

  it('fires once at a time', async () => {
    expect(attemptTimes(await scheduled('at(2026-03-02T00:10:00)'))).toEqual([10 * MINUTE])
    expect(attemptTimes(await scheduled('at(2026-03-01T00:10:00)'))).toEqual([])
  })

  it('is silent when it is not enabled', async () => {
    const view = await scheduled('rate(1 minute)', { enabled: false })
    expect(attemptTimes(view)).toEqual([])
  })

  it('tries again while the function does not answer, and then gives up', async () => {
    const timeline = [{ at: '0s', eventOutage: 'work', for: '55m' }]
    const retryPolicy = { maximumRetryAttempts: 2 }
    const view = await scheduled('rate(50 minutes)', { retryPolicy }, { timeline })
    expect(view.ledger('work.clock')).toEqual({ entered: 1, dropped: 1 })
    expect(view.value('work.clock.InvocationAttemptCount.sum')).toBe(3)
    expect(view.value('work.clock.InvocationDroppedCount.sum')).toBe(1)
    const patient = await scheduled('rate(50 minutes)', {}, { timeline })
    expect(patient.ledger('work.clock')).toEqual({ entered: 1, handedOn: 1 })
    expect(attemptTimes(patient)[0]).toBeGreaterThanOrEqual(55 * MINUTE)
  })

  it('makes no more events while the run drains', async () => {
    const others = { duration: '59s', drain: true }
    const view = await scheduled('rate(1 minute)', {}, others)
    expect(view.ledger('work.clock')).toEqual({ entered: 0 })
    expect(view.output.simulatedUs).toBe(59 * SECOND)
  })

  it('names the field that is wrong', async () => {
    await expect(scheduled('cron(61 * * * ? *)')).rejects.toThrow('minutes `61` is not 0 to 59')
    await expect(scheduled('5 minutes')).rejects.toThrow('is not a schedule')
  })
})
