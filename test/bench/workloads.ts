import type { PlainLoopOptions } from './plain-loop.ts'

/** One load of workload W1: a function at its reserved limit, requests beyond it are lost. */
export interface Workload {
  readonly name: string
  readonly arrivalRatePerSecond: number
  readonly meanServiceMs: number
  readonly cap: number
}

export const WORKLOADS: readonly Workload[] = [
  { name: 'A', arrivalRatePerSecond: 100, meanServiceMs: 200, cap: 42 },
  { name: 'B', arrivalRatePerSecond: 5_000, meanServiceMs: 200, cap: 1_050 },
  { name: 'C', arrivalRatePerSecond: 50_000, meanServiceMs: 1_000, cap: 50_200 },
]

/** The workload as a scenario: what the plain loop leaves out is switched off. */
export function scenarioOf(workload: Workload, durationSeconds: number): string {
  const { name, arrivalRatePerSecond, meanServiceMs, cap } = workload
  return `name: w1-${name}
duration: ${durationSeconds}s
account: { region: us-east-1, concurrentExecutions: ${cap + 100} }
functions:
  worker:
    runtime: nodejs22.x
    memorySize: 512
    timeout: 15m
    reservedConcurrentExecutions: ${cap}
    scalingRate: unlimited
    handler: { duration: { lognormal: { mean: ${meanServiceMs}ms, sigma: 0.5 } } }
    coldStart:
      placement: 0ms
      init: { lognormal: { mean: 300ms, sigma: 0.4 } }
      firstInvocation: 0ms
    keepAlive: { policy: fixed, idleTimeout: 600s }
traffic: { load: { to: worker, rate: ${arrivalRatePerSecond}/s } }
`
}

export function plainLoopOf(workload: Workload, arrivals: number, seed: number): PlainLoopOptions {
  return { ...workload, arrivals, seed }
}
