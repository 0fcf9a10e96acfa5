import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantViolation } from '../../src/kernel/invariant.ts'
import {
  RANK_ARRIVAL,
  RANK_CONTROL,
  RANK_EXPIRY,
  RANK_POLL,
  RANK_RELEASE,
  type Rank,
} from '../../src/kernel/order.ts'
import { type Model, Simulator } from '../../src/kernel/simulator.ts'

/** Writes down what happens; tests hang their reactions onto it. */
class Recording implements Model {
  readonly simulator = new Simulator(this)
  readonly happened: string[] = []
  onDispatch: (kind: number, subject: number) => void = () => {}
  /** Arrival times of each source still to come; an absent source is silent. */
  readonly arrivals: number[][] = []
  onArrive: (source: number) => void = () => {}

  dispatch(kind: number, subject: number): void {
    this.happened.push(`${this.simulator.nowUs} event ${subject}`)
    this.onDispatch(kind, subject)
  }

  arrive(source: number): void {
    this.happened.push(`${this.simulator.nowUs} source ${source}`)
    this.onArrive(source)
    const nextUs = this.arrivals[source]?.shift() ?? Number.POSITIVE_INFINITY
    // NaN: the source needs its next chunk.
    if (!Number.isNaN(nextUs)) this.simulator.resumeSource(nextUs)
  }

  describeNext(): string {
    return 'a test that goes round in circles'
  }

  addSource(source: number, times: readonly number[]): void {
    const [first = Number.POSITIVE_INFINITY, ...rest] = times
    this.arrivals[source] = rest
    this.simulator.addSource(source, first)
  }
}

const FOREVER = Number.POSITIVE_INFINITY

describe('the order at one instant', () => {
  it('is control, release, expiry, arrival, poll, whichever queue and order they were put in', () => {
    const ranks: readonly Rank[] = [
      RANK_POLL,
      RANK_EXPIRY,
      RANK_CONTROL,
      RANK_ARRIVAL,
      RANK_RELEASE,
    ]
    for (const later of [(index: number) => index % 2 === 0, (index: number) => index % 2 === 1]) {
      const model = new Recording()
      ranks.forEach((rank, index) => {
        if (later(index)) model.simulator.scheduleLater(10, rank, 0, rank)
        else model.simulator.schedule(10, rank, 0, rank)
      })
      model.simulator.run(FOREVER, 100)
      expect(model.happened).toEqual([0, 1, 2, 3, 4].map((rank) => `10 event ${rank}`))
    }
  })

  it('puts arrivals of sources between expiries and polls', () => {
    const model = new Recording()
    model.addSource(0, [10])
    model.simulator.schedule(10, RANK_POLL, 0, 4)
    model.simulator.scheduleLater(10, RANK_EXPIRY, 0, 2)
    model.simulator.run(FOREVER, 100)
    expect(model.happened).toEqual(['10 event 2', '10 source 0', '10 event 4'])
  })

  it('is insertion among equals of a rank, across the queues', () => {
    const model = new Recording()
    model.simulator.schedule(10, RANK_ARRIVAL, 0, 100)
    model.simulator.scheduleLater(10, RANK_ARRIVAL, 0, 101)
    model.addSource(0, [10, 10])
    model.simulator.scheduleLater(10, RANK_ARRIVAL, 0, 102)
    model.simulator.schedule(10, RANK_ARRIVAL, 0, 103)
    model.simulator.run(FOREVER, 100)
    expect(model.happened).toEqual([
      '10 event 100',
      '10 event 101',
      '10 source 0',
      '10 event 102',
      '10 event 103',
      '10 source 0',
    ])
  })

  it('lets an event that is scheduled for now happen now, in its rank', () => {
    const model = new Recording()
    model.simulator.schedule(10, RANK_ARRIVAL, 1, 0)
    model.simulator.schedule(10, RANK_POLL, 0, 2)
    model.onDispatch = (kind) => {
      if (kind === 1) model.simulator.schedule(10, RANK_RELEASE, 0, 1)
    }
    model.simulator.run(FOREVER, 100)
    expect(model.happened).toEqual(['10 event 0', '10 event 1', '10 event 2'])
  })

  it('agrees with a sorted list for any mixture of queues, ranks and times', () => {
    const plans = fc.array(fc.record({ atUs: fc.nat(6), rank: fc.nat(4), isLater: fc.boolean() }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(plans, fc.array(fc.nat(6), { maxLength: 5 }), (plan, arrivals) => {
        const model = new Recording()
        const expected: { atUs: number; rank: number; order: number; text: string }[] = []
        plan.forEach(({ atUs, rank, isLater }, order) => {
          if (isLater) model.simulator.scheduleLater(atUs, rank as Rank, 0, order)
          else model.simulator.schedule(atUs, rank as Rank, 0, order)
          expected.push({ atUs, rank, order, text: `${atUs} event ${order}` })
        })
        arrivals.forEach((atUs, source) => {
          model.addSource(source, [atUs])
          const order = plan.length + source
          expected.push({ atUs, rank: RANK_ARRIVAL, order, text: `${atUs} source ${source}` })
        })
        expected.sort((a, b) => a.atUs - b.atUs || a.rank - b.rank || a.order - b.order)
        expect(model.simulator.run(FOREVER, 1_000)).toBe('time-reached')
        expect(model.happened).toEqual(expected.map(({ text }) => text))
      }),
      { numRuns: 200 },
    )
  })
})

/** Two sources and events that breed others at odd distances: every path of the loop is taken. */
function busyModel(): Recording {
  const model = new Recording()
  model.addSource(0, [1, 4, 4, 9, 16, 25, 36])
  model.addSource(1, [4, 5, 9, 10, 25])
  let bred = 0
  model.onArrive = (source) => {
    model.simulator.schedule(model.simulator.nowUs + source * 3, RANK_RELEASE, 0, bred++)
    model.simulator.scheduleLater(model.simulator.nowUs + 5, RANK_EXPIRY, 0, bred++)
  }
  return model
}

function runInSlices(model: Recording, budget: number, stepUs: number): string[] {
  let untilUs = stepUs
  for (let slices = 0; slices < 10_000 && untilUs < 200; slices++) {
    const reason = model.simulator.run(untilUs, budget)
    if (reason === 'time-reached') untilUs += stepUs
  }
  return model.happened
}

describe('slices', () => {
  it('cannot be seen, whatever the budget and wherever the clock stops between', () => {
    const whole = busyModel()
    whole.simulator.run(FOREVER, 1_000)
    expect(whole.happened).toHaveLength(36)
    for (const budget of [1, 2, 7, 1_000]) {
      for (const stepUs of [1, 3, 50]) {
        const sliced = busyModel()
        expect(runInSlices(sliced, budget, stepUs)).toEqual(whole.happened)
        expect(sliced.simulator.eventCount).toBe(whole.simulator.eventCount)
      }
    }
  })

  it('handle exactly their budget of events', () => {
    const model = new Recording()
    for (let subject = 0; subject < 5; subject++) {
      model.simulator.schedule(subject, RANK_RELEASE, 0, subject)
    }
    expect(model.simulator.run(FOREVER, 3)).toBe('budget-spent')
    expect([model.happened.length, model.simulator.eventCount]).toEqual([3, 3])
    expect(model.simulator.run(FOREVER, 3)).toBe('time-reached')
    expect([model.happened.length, model.simulator.eventCount]).toEqual([5, 5])
  })

  it('stop before what happens at their end, which belongs to the next one', () => {
    const model = new Recording()
    model.simulator.schedule(10, RANK_RELEASE, 0, 0)
    model.simulator.scheduleLater(10, RANK_RELEASE, 0, 1)
    model.addSource(0, [10])
    expect(model.simulator.run(10, 100)).toBe('time-reached')
    expect(model.happened).toEqual([])
    expect(model.simulator.run(11, 100)).toBe('time-reached')
    expect(model.happened).toHaveLength(3)
  })
})

describe('the run', () => {
  it('never turns time back', () => {
    const model = busyModel()
    let previousUs = 0
    const watch = () => {
      expect(model.simulator.nowUs).toBeGreaterThanOrEqual(previousUs)
      previousUs = model.simulator.nowUs
    }
    const { onArrive } = model
    model.onDispatch = watch
    model.onArrive = (source) => {
      watch()
      onArrive(source)
    }
    model.simulator.run(FOREVER, 1_000)
    expect(previousUs).toBe(41)
  })

  it('ends before any further event of the same instant once it is stopped', () => {
    const model = new Recording()
    for (let subject = 0; subject < 4; subject++) {
      model.simulator.schedule(10, RANK_RELEASE, 0, subject)
    }
    model.onDispatch = (_kind, subject) => {
      if (subject === 1) model.simulator.stop()
    }
    expect(model.simulator.run(FOREVER, 100)).toBe('stopped')
    expect(model.happened).toEqual(['10 event 0', '10 event 1'])
  })

  it('meets no arrival any more once the sources are silenced', () => {
    const model = new Recording()
    model.addSource(0, [1, 2, 3])
    model.addSource(1, [2])
    model.simulator.schedule(2, RANK_CONTROL, 0, 0)
    model.onDispatch = () => model.simulator.silenceSources()
    model.simulator.run(FOREVER, 100)
    expect(model.happened).toEqual(['1 source 0', '2 event 0'])
  })
})

describe('a source whose next chunk is still to be read', () => {
  it('stops the run until it resumes, and the run goes on as if nothing had been', () => {
    const whole = new Recording()
    whole.addSource(0, [1, 5, 9])
    whole.addSource(1, [5, 7])
    whole.simulator.schedule(5, RANK_EXPIRY, 0, 50)
    whole.simulator.run(FOREVER, 100)

    const model = new Recording()
    model.addSource(0, [1, Number.NaN])
    model.addSource(1, [5, 7])
    model.simulator.schedule(5, RANK_EXPIRY, 0, 50)
    expect(model.simulator.run(FOREVER, 100)).toBe('source-starved')
    expect([model.simulator.starvedSource, model.happened]).toEqual([0, ['1 source 0']])
    model.arrivals[0] = [9]
    model.simulator.resumeSource(5)
    expect(model.simulator.starvedSource).toBe(-1)
    expect(model.simulator.run(FOREVER, 100)).toBe('time-reached')
    expect(model.happened).toEqual(whole.happened)
    expect(model.simulator.eventCount).toBe(whole.simulator.eventCount)
  })

  it('is known also when its arrival met other events at the instant', () => {
    const model = new Recording()
    model.simulator.schedule(1, RANK_POLL, 0, 50)
    model.addSource(0, [1, Number.NaN])
    expect(model.simulator.run(FOREVER, 100)).toBe('source-starved')
    expect(model.simulator.eventCount).toBe(1)
    model.simulator.resumeSource(1)
    model.simulator.run(FOREVER, 100)
    expect(model.happened).toEqual(['1 source 0', '1 source 0', '1 event 50'])
  })
})

/** Does next to nothing, ten million times. */
class Treadmill implements Model {
  readonly simulator = new Simulator(this)
  advanceEvery = Number.POSITIVE_INFINITY
  private count = 0

  dispatch(): void {
    const stepUs = ++this.count % this.advanceEvery === 0 ? 1 : 0
    this.simulator.schedule(this.simulator.nowUs + stepUs, RANK_RELEASE, 0, 0)
  }

  arrive(): void {
    this.simulator.resumeSource(Number.POSITIVE_INFINITY)
  }

  describeNext(): string {
    return 'the treadmill turns'
  }
}

describe('a run whose time stands still', () => {
  it('ends after ten million events with a message that names the instant and the cause', () => {
    const model = new Treadmill()
    model.simulator.schedule(90_000_000, RANK_RELEASE, 0, 0)
    let problem: unknown
    try {
      model.simulator.run(FOREVER, 50_000_000)
    } catch (thrown) {
      problem = thrown
    }
    expect(problem).toBeInstanceOf(InvariantViolation)
    expect((problem as Error).message).toBe(
      'more than 10000000 events at 1m30s: the treadmill turns',
    )
    expect(model.simulator.eventCount).toBeGreaterThan(10_000_000)
    // The check comes with each inner slice, so little more than the limit is handled.
    expect(model.simulator.eventCount).toBeLessThan(10_000_000 + 2 * 65_536)
  })

  it('goes on as long as time advances at all', () => {
    const model = new Treadmill()
    model.advanceEvery = 4_000_000
    model.simulator.schedule(0, RANK_RELEASE, 0, 0)
    expect(model.simulator.run(FOREVER, 13_000_000)).toBe('budget-spent')
    expect(model.simulator.nowUs).toBe(3)
  })

  it('is noticed across small slices as well', () => {
    const model = new Treadmill()
    model.simulator.schedule(5, RANK_RELEASE, 0, 0)
    expect(() => {
      for (let slice = 0; slice < 1_000; slice++) model.simulator.run(FOREVER, 20_000)
    }).toThrow(InvariantViolation)
  })
})

describe('an event in the past', () => {
  it('or at no time at all is refused, in every queue', () => {
    const model = new Recording()
    model.simulator.schedule(10, RANK_RELEASE, 0, 1)
    model.simulator.run(FOREVER, 100)
    expect(() => model.simulator.schedule(9, RANK_RELEASE, 0, 2)).toThrow(InvariantViolation)
    expect(() => model.simulator.scheduleLater(9, RANK_EXPIRY, 0, 2)).toThrow(InvariantViolation)
    expect(() => model.simulator.schedule(Number.NaN, RANK_RELEASE, 0, 2)).toThrow(
      InvariantViolation,
    )
    model.simulator.addSource(0, 20)
    model.onArrive = () => model.simulator.resumeSource(19)
    expect(() => model.simulator.run(FOREVER, 100)).toThrow(InvariantViolation)
  })
})
