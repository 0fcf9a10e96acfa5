/**
 * A population of functions in the manner of "Serverless in the Wild" (Shahrad et al., 2020): most
 * are called rarely, some by timers, and rates spread over orders of magnitude. Generated, not
 * measured: function i of n has a mean time between calls at the (i + 1/2) / n quantile of a
 * log-uniform distribution from 2 minutes to 8 hours; every other one is called by a timer, which the
 * paper found behind nearly half of the applications, the rest by Poisson arrivals; memory
 * goes round 128, 256, 512 and 1,024 MB, and init from 250 ms to 2 s in another round. The papers
 * have tens of thousands of applications of all trigger types; here there are dozens, one call at a
 * time for the most part, and the forecast of long idle times is left out.
 */
import { exp, log } from '../../src/kernel/elementary.ts'

const SHORTEST_MINUTES = 2
const LONGEST_MINUTES = 480
const MEMORY_MB = [128, 256, 512, 1024]
const INITS_MS = [250, 2_000, 500]

export interface Population {
  readonly functions: Record<string, object>
  readonly traffic: Record<string, object>
  readonly memoryMb: Record<string, number>
}

export function population(count: number, keepAlive: object): Population {
  const functions: Record<string, object> = {}
  const traffic: Record<string, object> = {}
  const memoryMb: Record<string, number> = {}
  for (let index = 0; index < count; index++) {
    const name = `f${index}`
    const part = (index + 0.5) / count
    const minutes = SHORTEST_MINUTES * exp(part * log(LONGEST_MINUTES / SHORTEST_MINUTES))
    const memorySize = MEMORY_MB[Math.floor(index / 2) % MEMORY_MB.length]!
    const init = `${INITS_MS[Math.floor(index / 2) % INITS_MS.length]}ms`
    memoryMb[name] = memorySize
    functions[name] = {
      runtime: 'nodejs22.x',
      memorySize,
      handler: { duration: '200ms' },
      coldStart: { placement: '100ms', init, firstInvocation: '0s' },
      keepAlive,
    }
    traffic[`to-${name}`] = {
      to: name,
      process: index % 2 === 0 ? 'poisson' : 'constant',
      rate: `${(1_440 / minutes).toFixed(6)}/d`,
    }
  }
  return { functions, traffic, memoryMb }
}
