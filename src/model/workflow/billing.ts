/**
 * What a state machine is charged for.
 * Source: AWS Step Functions pricing: state transitions of Standard workflows, retries included;
 * requests and duration of Express workflows, duration rounded up to 100 ms and memory to 64 MB.
 */
import type { Charge } from '../pricing/charge.ts'
import type { StateMachineConfig } from './config.ts'
import type { StateMachine } from './state-machine.ts'

const MEMORY_STEP_MB = 64

export function workflowBill({
  type,
  memory,
}: Pick<StateMachineConfig, 'type' | 'memory'>): readonly Charge<Pick<StateMachine, 'meter'>>[] {
  if (type === 'STANDARD') {
    return [
      { product: 'stepFunctionsTransitions', amount: ({ meter }) => meter.billed.transitions },
    ]
  }
  return [
    { product: 'stepFunctionsExpressRequests', amount: ({ meter }) => meter.billed.requests },
    {
      product: 'stepFunctionsExpressDuration',
      amount: ({ meter }) => meter.billed.durationMs,
      times: Math.ceil(memory / MEMORY_STEP_MB) * MEMORY_STEP_MB,
    },
  ]
}
