/**
 * The functions and the traffic of scenarios/keep-alive-policies.yaml, in the manner of "Serverless
 * in the Wild" (Shahrad et al., 2020): rates spread over orders of magnitude, most functions are
 * called rarely, and nearly half of them by timers. Generated, not measured: nothing is random here.
 */
const FUNCTIONS = 60
const SHORTEST_MINUTES = 2
const LONGEST_MINUTES = 480
const MINUTES_PER_DAY = 1_440
const MEMORY_MB = [128, 256, 512, 1024]
const INITS_MS = [250, 2_000, 500]

const BEGIN = '# The population begins. `npm run population` writes it.\n'
const END = '# The population ends.\n'

/** A scenario with the population between its two marks written anew. */
export function withPopulation(scenario: string): string {
  const begin = scenario.indexOf(BEGIN)
  const end = scenario.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`the scenario lacks "${BEGIN}" or "${END}"`)
  return scenario.slice(0, begin + BEGIN.length) + population() + scenario.slice(end)
}

function population(): string {
  const indices = Array.from({ length: FUNCTIONS }, (_, index) => index)
  const functions = indices.map((index) => `  ${nameOf(index)}: ${settingsOf(index)}\n`)
  const traffic = indices.map((index) => `  to-${nameOf(index)}: ${callsOf(index)}\n`)
  return `functions:\n${functions.join('')}\ntraffic:\n${traffic.join('')}`
}

function nameOf(index: number): string {
  return `f${String(index).padStart(2, '0')}`
}

/** Two neighbours, one called by a timer and one not, have the same memory and init. */
function settingsOf(index: number): string {
  const pair = Math.floor(index / 2)
  const memory = MEMORY_MB[pair % MEMORY_MB.length]
  const init = INITS_MS[pair % INITS_MS.length]
  const isFirst = index === 0
  const handler = isFirst ? '&handler { duration: 200ms }' : '*handler'
  const keepAlive = isFirst ? '&keep { policy: fixed, idleTimeout: 10m }' : '*keep'
  return `{ runtime: nodejs22.x, memorySize: ${memory}, handler: ${handler}, coldStart: { placement: 100ms, init: ${init}ms, firstInvocation: 0s }, keepAlive: ${keepAlive} }`
}

/** The mean time between calls is the (i + 1/2) / n quantile of a log-uniform distribution. */
function callsOf(index: number): string {
  const part = (index + 0.5) / FUNCTIONS
  const minutes = SHORTEST_MINUTES * (LONGEST_MINUTES / SHORTEST_MINUTES) ** part
  const process = index % 2 === 0 ? 'poisson' : 'constant'
  const rate = (MINUTES_PER_DAY / minutes).toFixed(1)
  return `{ to: ${nameOf(index)}, process: ${process}, rate: ${rate}/d }`
}
