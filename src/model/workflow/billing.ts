/**
 * What a bill counts of a state machine.
 * Source: AWS Step Functions pricing: state transitions of Standard workflows, retries included;
 * requests and duration of Express workflows, duration rounded up to 100 ms and memory to 64 MB.
 */
import type { StateMachineConfig } from './config.ts'
import type { BilledWork } from './workflow-meter.ts'

const MEMORY_STEP_MB = 64
const MB_PER_GB = 1_024
const MS_PER_SECOND = 1_000

export interface BilledQuantities {
  readonly transitions: number
  readonly requests: number
  readonly gigabyteSeconds: number
}

export function billedQuantities(
  { memory }: Pick<StateMachineConfig, 'memory'>,
  { transitions, requests, durationMs }: BilledWork,
): BilledQuantities {
  const memoryMb = Math.ceil(memory / MEMORY_STEP_MB) * MEMORY_STEP_MB
  const gigabyteSeconds = (durationMs / MS_PER_SECOND) * (memoryMb / MB_PER_GB)
  return { transitions, requests, gigabyteSeconds }
}
