import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TimerLane } from '../../src/kernel/timer-lane.ts'

describe('a timer lane', () => {
  it('ends timers in the order of their start, each after the lane length', () => {
    const lane = new TimerLane(100)
    lane.start(5, 10)
    lane.start(2, 10)
    lane.start(9, 40)
    expect(lane.headDueUs).toBe(110)
    expect(lane.takeDue(109)).toBe(-1)
    expect([lane.takeDue(110), lane.takeDue(110), lane.takeDue(110)]).toEqual([5, 2, -1])
    expect(lane.headDueUs).toBe(140)
    expect(lane.takeDue(1_000)).toBe(9)
    expect(lane.headDueUs).toBe(Number.POSITIVE_INFINITY)
  })

  it('of a length with a fraction ends timers at whole microseconds', () => {
    const lane = new TimerLane(99.6)
    lane.start(0, 10)
    expect(lane.headDueUs).toBe(110)
    expect(new TimerLane(Number.POSITIVE_INFINITY).headDueUs).toBe(Number.POSITIVE_INFINITY)
  })

  it('agrees with a list of timers under any starts, cancellations and passing of time', () => {
    const steps = fc.array(
      fc.record({ waitUs: fc.nat(30), slot: fc.nat(15), doCancel: fc.boolean() }),
      {
        maxLength: 120,
      },
    )
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (plan, lengthUs) => {
        // A small capacity, so that the lane has to grow.
        const lane = new TimerLane(lengthUs, 2)
        let running: { slot: number; dueUs: number }[] = []
        let nowUs = 0
        for (const { waitUs, slot, doCancel } of plan) {
          nowUs += waitUs
          const due = running.filter(({ dueUs }) => dueUs <= nowUs)
          for (const timer of due) expect(lane.takeDue(nowUs)).toBe(timer.slot)
          expect(lane.takeDue(nowUs)).toBe(-1)
          running = running.filter(({ dueUs }) => dueUs > nowUs)
          const isRunning = running.some((timer) => timer.slot === slot)
          if (doCancel) {
            lane.cancel(slot)
            running = running.filter((timer) => timer.slot !== slot)
          } else if (!isRunning) {
            lane.start(slot, nowUs)
            running.push({ slot, dueUs: nowUs + lengthUs })
          }
          expect(lane.headDueUs).toBe(running[0]?.dueUs ?? Number.POSITIVE_INFINITY)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('takes no notice when a timer that is not running is cancelled', () => {
    const lane = new TimerLane(10, 4)
    lane.start(0, 0)
    lane.cancel(1)
    lane.cancel(1_000)
    expect(lane.takeDue(10)).toBe(0)
  })
})
