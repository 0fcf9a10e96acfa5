/** The two ways to start an execution. */
import { z } from 'zod'
import { childOrdinal } from '../messages/births.ts'

const START_ACTIONS = ['StartExecution', 'StartSyncExecution'] as const

export type StartAction = (typeof START_ACTIONS)[number]

export const START_SOURCE =
  'AWS Step Functions API reference, StartExecution and StartSyncExecution'

export const startAction = z.enum(START_ACTIONS, {
  error: `action is ${START_ACTIONS.join(' or ')}`,
})

/** Whether the caller waits for the end of the execution. */
export function isSynchronous(action: unknown): boolean {
  return action === 'StartSyncExecution'
}

export const NEEDS_EXPRESS =
  'StartSyncExecution is of EXPRESS workflows only: a STANDARD one takes StartExecution, which waits for nothing'

/** What keys the draws of the execution that an attempt of a request starts. */
export function keyOfAttempt(stream: number, ordinal: number, attempt: number): number {
  return attempt === 1 ? ordinal : childOrdinal(stream, ordinal, attempt)
}
