import { describe, expect, it } from 'vitest'
import {
  erlangB,
  erlangC,
  finiteQueueMMcK,
  meanBusyMGInfinity,
  meanWaitMG1,
  meanWaitMMc,
  waitTailMMc,
} from '../../src/stats/queueing-theory.ts'

/** Agreement to the digits that the source prints. */
function expectPrinted(actual: number, printed: number, decimals: number): void {
  expect(Math.abs(actual - printed)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals)
}

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual / expected - 1)
}

describe('E45: M/M/c', () => {
  it.each([
    { servers: 1, utilisation: 0.5, waits: 0.5, wait: 1 },
    { servers: 1, utilisation: 0.9, waits: 0.9, wait: 9 },
    { servers: 10, utilisation: 0.7, waits: 0.2217, wait: 0.0739 },
    { servers: 10, utilisation: 0.9, waits: 0.6687, wait: 0.6687 },
    { servers: 100, utilisation: 0.9, waits: 0.2169, wait: 0.0217 },
  ])('$servers servers at $utilisation', ({ servers, utilisation, waits, wait }) => {
    const load = servers * utilisation
    expectPrinted(erlangC(servers, load), waits, 4)
    expectPrinted(meanWaitMMc(servers, load, 1), wait, 4)
  })
})

describe('Erlang B', () => {
  it('is the truncated Poisson distribution at its last state', () => {
    for (const [servers, load] of [
      [1, 1],
      [5, 3],
      [20, 25],
    ] as const) {
      let weight = 1
      let total = 1
      for (let state = 1; state <= servers; state++) {
        weight *= load / state
        total += weight
      }
      expect(relativeError(erlangB(servers, load), weight / total)).toBeLessThan(1e-14)
    }
  })

  it('neither overflows nor underflows for fifty thousand servers', () => {
    // Heavy traffic: blocking x sqrt(load) tends to the normal hazard at 0, sqrt(2 / pi).
    const scaled = erlangB(50_000, 50_000) * Math.sqrt(50_000)
    expect(Math.abs(scaled / Math.sqrt(2 / Math.PI) - 1)).toBeLessThan(1 / Math.sqrt(50_000))
    expect([erlangB(0, 5), erlangB(7, 0)]).toEqual([1, 0])
  })
})

describe('Erlang C', () => {
  it('is 1 and the wait endless where the queue is not stable', () => {
    expect([erlangC(3, 3), meanWaitMMc(3, 4, 1), waitTailMMc(3, 3, 1, 5)]).toEqual([1, Infinity, 1])
  })

  it('has a wait whose tail integrates to its mean', () => {
    const [servers, load, service] = [4, 3, 0.2]
    expect(waitTailMMc(servers, load, service, 0)).toBe(erlangC(servers, load))
    // The tail is exponential: mean = P(wait > 0)^2 / slope at 0, from two of its points.
    const step = 0.01
    const ratio = waitTailMMc(servers, load, service, step) / waitTailMMc(servers, load, service, 0)
    const mean = (erlangC(servers, load) * step) / -Math.log(ratio)
    expect(relativeError(meanWaitMMc(servers, load, service), mean)).toBeLessThan(1e-12)
  })
})

describe('M/M/c/K', () => {
  it('without waiting places is Erlang B', () => {
    for (const load of [0.5, 4, 30]) {
      const { blocking, meanQueue, meanBusy } = finiteQueueMMcK(10, 10, load)
      expect(relativeError(blocking, erlangB(10, load))).toBeLessThan(1e-13)
      expect(meanQueue).toBe(0)
      // Little's law for those in service.
      expect(relativeError(meanBusy, load * (1 - blocking))).toBeLessThan(1e-13)
    }
  })

  it('with very many places is M/M/c', () => {
    const { blocking, meanQueue } = finiteQueueMMcK(3, 5_000, 2.4)
    expect(blocking).toBeLessThan(1e-300)
    // Little's law for those that wait, at arrival rate 2.4 and mean service 1.
    expect(relativeError(meanQueue, 2.4 * meanWaitMMc(3, 2.4, 1))).toBeLessThan(1e-12)
  })

  it('loses what exceeds its capacity when overloaded, without overflow', () => {
    const { blocking, meanBusy } = finiteQueueMMcK(1_000, 100_000, 5_000)
    expect(relativeError(blocking, 0.8)).toBeLessThan(1e-12)
    expect(relativeError(meanBusy, 1_000)).toBeLessThan(1e-12)
  })

  it('with one server agrees with the closed form of M/M/1/K', () => {
    const [places, load] = [6, 0.8]
    const expected = ((1 - load) * load ** places) / (1 - load ** (places + 1))
    expect(relativeError(finiteQueueMMcK(1, places, load).blocking, expected)).toBeLessThan(1e-14)
  })
})

describe('M/G/1 and M/G/infinity', () => {
  it('waits in M/G/1 as in M/M/1 when the service variance is its mean squared', () => {
    expect(relativeError(meanWaitMG1(0.9, 1, 1), meanWaitMMc(1, 0.9, 1))).toBeLessThan(1e-13)
  })

  it('waits half as long when service is constant', () => {
    expect(meanWaitMG1(4, 0.2, 0)).toBe(0.5 * meanWaitMG1(4, 0.2, 0.2 * 0.2))
    expect(meanWaitMG1(5, 0.2, 0)).toBe(Infinity)
  })

  it('E44: holds arrival rate times mean service in M/G/infinity', () => {
    expectPrinted(meanBusyMGInfinity(0.9, 1.9913), 1.792, 3)
  })
})
