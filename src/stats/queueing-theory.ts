/**
 * Known answers of queueing theory, in Kendall's notation. Offered load is in erlangs: arrival
 * rate times mean service time. Sources: Erlang (1917); Gross, Shortle, Thompson and Harris,
 * Fundamentals of Queueing Theory.
 */
import { exp } from '../kernel/elementary.ts'

/**
 * Erlang B: the share of arrivals lost by an M/G/c/c system, whatever the shape of the service
 * time. By the recurrence in the number of servers, which neither overflows nor cancels.
 */
export function erlangB(servers: number, offeredLoad: number): number {
  let blocking = 1
  for (let count = 1; count <= servers; count++) {
    blocking = (offeredLoad * blocking) / (count + offeredLoad * blocking)
  }
  return blocking
}

/** Erlang C: the share of arrivals that wait in an M/M/c queue; 1 when it is not stable. */
export function erlangC(servers: number, offeredLoad: number): number {
  if (offeredLoad >= servers) return 1
  const blocking = erlangB(servers, offeredLoad)
  return (servers * blocking) / (servers - offeredLoad * (1 - blocking))
}

/** Mean wait before service in an M/M/c queue, in the unit of `meanService`. */
export function meanWaitMMc(servers: number, offeredLoad: number, meanService: number): number {
  if (offeredLoad >= servers) return Infinity
  return (erlangC(servers, offeredLoad) * meanService) / (servers - offeredLoad)
}

/** P(wait > time) in an M/M/c queue; `time` in the unit of `meanService`. */
export function waitTailMMc(
  servers: number,
  offeredLoad: number,
  meanService: number,
  time: number,
): number {
  if (offeredLoad >= servers) return 1
  return erlangC(servers, offeredLoad) * exp((-(servers - offeredLoad) * time) / meanService)
}

export interface FiniteQueue {
  /** Share of arrivals that find all places taken and are lost. */
  readonly blocking: number
  /** Mean number waiting, those in service not counted. */
  readonly meanQueue: number
  /** Mean number in service. */
  readonly meanBusy: number
}

/** M/M/c/K: `servers` and `places` in all, waiting ones included (places >= servers). */
export function finiteQueueMMcK(servers: number, places: number, offeredLoad: number): FiniteQueue {
  // States weighed against the present one, rescaled on the way up so that nothing overflows.
  let weight = 1
  let total = 1
  let waiting = 0
  let busy = 0
  for (let state = 1; state <= places; state++) {
    const ratio = offeredLoad / Math.min(state, servers)
    weight *= ratio
    total += weight
    waiting += weight * Math.max(0, state - servers)
    busy += weight * Math.min(state, servers)
    if (total > 1e200) {
      weight /= total
      waiting /= total
      busy /= total
      total = 1
    }
  }
  return { blocking: weight / total, meanQueue: waiting / total, meanBusy: busy / total }
}

/** Mean number in an M/G/infinity system: the offered load, whatever the service time's shape. */
export function meanBusyMGInfinity(arrivalRate: number, meanService: number): number {
  return arrivalRate * meanService
}

/**
 * Pollaczek and Khinchine's mean wait before service in an M/G/1 queue, in the unit of the service
 * time. A service variance of 0 gives M/D/1, of `meanService` squared M/M/1.
 */
export function meanWaitMG1(
  arrivalRate: number,
  meanService: number,
  serviceVariance: number,
): number {
  const utilisation = arrivalRate * meanService
  if (utilisation >= 1) return Infinity
  const secondMoment = serviceVariance + meanService * meanService
  return (arrivalRate * secondMoment) / (2 * (1 - utilisation))
}
