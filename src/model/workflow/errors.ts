/**
 * Errors by name, and which retriers and catchers match them.
 * Source: AWS Step Functions developer guide, "Handling errors in Step Functions workflows"; the
 * names of what the services of a task answer: "Best practices", "Handle transient Lambda service
 * exceptions", where listed, else inferred from the service's own error codes.
 */
import {
  CRASHED,
  HANDLER_ERROR,
  INIT_ERROR,
  OUT_OF_MEMORY,
  TIMED_OUT,
} from '../invocation/outcome.ts'
import { REJECTED, THROTTLED } from '../resources/target.ts'

export const ALL = 'States.ALL'
export const TASK_FAILED = 'States.TaskFailed'
export const TIMEOUT = 'States.Timeout'
export const HEARTBEAT_TIMEOUT = 'States.HeartbeatTimeout'
export const RUNTIME = 'States.Runtime'
export const DATA_LIMIT_EXCEEDED = 'States.DataLimitExceeded'
export const BRANCH_FAILED = 'States.BranchFailed'
export const EXCEEDED_TOLERANCE = 'States.ExceedToleratedFailureThreshold'
export const TOO_MANY_REQUESTS = 'Lambda.TooManyRequestsException'

/** Of an exception in a handler whose name the scenario does not state. */
export const HANDLER_EXCEPTION = 'Error'

/** Neither States.ALL nor States.TaskFailed matches these. */
const TERMINAL: readonly string[] = [RUNTIME, DATA_LIMIT_EXCEEDED]

/** Whether a retrier or catcher with this `ErrorEquals` takes an error. */
export function matches(errorEquals: readonly string[], error: string): boolean {
  for (const wanted of errorEquals) {
    if (wanted === error) return true
    if (TERMINAL.includes(error)) continue
    if (wanted === ALL) return true
    if (wanted === TASK_FAILED && error !== TIMEOUT) return true
    if (wanted === TIMEOUT && error === HEARTBEAT_TIMEOUT) return true
  }
  return false
}

/** The same at a Parallel state, which fails with the error of its branch. */
export function matchesBranch(errorEquals: readonly string[], error: string): boolean {
  if (matches(errorEquals, error)) return true
  return errorEquals.includes(BRANCH_FAILED) && !TERMINAL.includes(error)
}

/** What Step Functions calls a function error. */
export function functionError(outcome: number, exception: string): string {
  switch (outcome) {
    case HANDLER_ERROR:
      return exception
    case TIMED_OUT:
      return 'Sandbox.Timedout'
    case CRASHED:
    case OUT_OF_MEMORY:
    case INIT_ERROR:
      return 'Runtime.ExitError'
    default:
      return 'Lambda.Unknown'
  }
}

const THROTTLES: Readonly<Record<string, string>> = {
  Lambda: TOO_MANY_REQUESTS,
  SQS: 'SQS.RequestThrottledException',
  SNS: 'SNS.ThrottledException',
  EventBridge: 'EventBridge.ThrottlingException',
  DynamoDB: 'DynamoDB.ProvisionedThroughputExceededException',
  Kinesis: 'Kinesis.ProvisionedThroughputExceededException',
  StepFunctions: 'StepFunctions.ThrottlingException',
}

/** What a service answers that did not take a message. */
export function refusalError(service: string, acceptance: number): string {
  if (acceptance === THROTTLED) return THROTTLES[service] ?? `${service}.ThrottlingException`
  if (acceptance === REJECTED) return `${service}.InvalidParameterException`
  return `${service}.ServiceException`
}
