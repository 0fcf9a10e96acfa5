/** Known answers that the engine itself has no use for. Times are in one unit throughout. */

/**
 * Engset's loss formula: the share of requests lost when each of `sources` users, thinking
 * `offeredPerSource` times as short as it is served, finds `servers` busy. It does not depend on
 * the shapes of think and service time. Source: Engset (1918); Cohen (1957).
 */
export function engsetLoss(sources: number, servers: number, offeredPerSource: number): number {
  // A request sees the other sources only.
  const weights = binomialWeights(sources - 1, servers, offeredPerSource)
  return weights[servers]! / sum(weights)
}

/** Mean number of busy servers with finitely many sources and losses. */
export function engsetMeanBusy(sources: number, servers: number, offeredPerSource: number): number {
  const weights = binomialWeights(sources, servers, offeredPerSource)
  return sum(weights.map((weight, busy) => weight * busy)) / sum(weights)
}

function binomialWeights(sources: number, servers: number, ratio: number): number[] {
  const weights = [1]
  for (let busy = 1; busy <= servers; busy++) {
    weights.push((weights[busy - 1]! * ratio * (sources - busy + 1)) / busy)
  }
  return weights
}

/**
 * The share of arrivals lost by M/D/1/K, `places` counting the one in service, by the chain
 * embedded at departures. Source: Gross, Shortle, Thompson and Harris, Fundamentals of Queueing
 * Theory, "The M/G/1/K queue".
 *
 * A token bucket under Poisson arrivals is such a queue: the tokens missing are its work. An
 * arrival takes one token if one is there, that is if the work is at most the capacity less one,
 * that is if fewer than `capacity` customers are present.
 */
export function lossMD1K(places: number, utilisation: number): number {
  const arrivals = poissonWeights(utilisation, places)
  // Weights of the states 0 to places - 1 that a departure leaves behind.
  const weights = [1]
  for (let state = 0; state + 1 < places; state++) {
    let left = weights[state]! - weights[0]! * arrivals[state]!
    for (let from = 1; from <= state; from++) left -= weights[from]! * arrivals[state - from + 1]!
    weights.push(left / arrivals[0]!)
  }
  return 1 - 1 / (weights[0]! / sum(weights) + utilisation)
}

/** Poisson probabilities of 0 to `most`. */
export function poissonWeights(mean: number, most: number): number[] {
  const weights = [Math.exp(-mean)]
  for (let count = 1; count <= most; count++) weights.push((weights[count - 1]! * mean) / count)
  return weights
}

export interface WarmPool {
  /** Share of requests that find no environment. */
  readonly coldStartProbability: number
  /** Mean number of environments, busy and idle. */
  readonly meanEnvironments: number
}

/**
 * Poisson requests, exponential service without cold-start time, no limit, the most recently used
 * environment first, each retired after `idleTimeout`.
 *
 * The idle environments then form a stack. The one at height h was pushed when concurrency fell
 * below what it had been, and is there as long as concurrency has not come back; so the number of
 * environments is the largest concurrency of the last `idleTimeout`, and a request is cold if and
 * only if concurrency exceeds all of that window's. Concurrency is M/M/infinity: Poisson in the
 * stationary state, reversible in time, and its passage times follow from its generator.
 */
export function warmPool(arrivalRate: number, meanService: number, idleTimeout: number): WarmPool {
  const load = arrivalRate * meanService
  // Beyond this the Poisson probabilities are below 1e-16 for the loads in use here.
  const most = Math.ceil(load + 12 * Math.sqrt(load) + 20)
  const stationary = poissonWeights(load, most)
  let coldStartProbability = 0
  let meanEnvironments = 0
  for (let level = 0; level <= most; level++) {
    const stays = staysAtMost(level, arrivalRate, meanService, idleTimeout)
    coldStartProbability += stationary[level]! * stays[level]!
    meanEnvironments += 1 - sum(stays.map((stay, from) => stationary[from]! * stay))
  }
  return { coldStartProbability, meanEnvironments }
}

/** From each state up to `level`: the probability that M/M/infinity stays there for `time`. */
function staysAtMost(
  level: number,
  arrivalRate: number,
  meanService: number,
  time: number,
): number[] {
  // Uniformised: a Poisson number of steps at the fastest state's rate.
  const fastest = arrivalRate + level / meanService
  const up = arrivalRate / fastest
  const down = 1 / (meanService * fastest)
  const meanSteps = fastest * time
  const steps = Math.ceil(meanSteps + 10 * Math.sqrt(meanSteps) + 20)
  let survival = new Float64Array(level + 1).fill(1)
  let next = new Float64Array(level + 1)
  const result = new Array<number>(level + 1).fill(0)
  let logWeight = -meanSteps
  for (let step = 0; step <= steps; step++) {
    const weight = Math.exp(logWeight)
    for (let state = 0; state <= level; state++) result[state]! += weight * survival[state]!
    for (let state = 0; state <= level; state++) {
      const above = state < level ? survival[state + 1]! : 0
      const below = state > 0 ? survival[state - 1]! : 0
      next[state] = up * above + down * state * below + (1 - up - down * state) * survival[state]!
    }
    const last = survival
    survival = next
    next = last
    logWeight += Math.log(meanSteps / (step + 1))
  }
  return result
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
