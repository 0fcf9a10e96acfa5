/**
 * Quotas of Step Functions by Region.
 * Source: AWS Step Functions developer guide, "Quotas": all documented.
 */
import { MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'

/** A token bucket: its size and how fast it refills. */
export interface BucketQuota {
  readonly bucketSize: number
  /** Tokens a second. */
  readonly refillRate: number
}

export interface WorkflowQuotas {
  readonly startStandard: BucketQuota
  readonly startExpress: BucketQuota
  /** Of Standard workflows. */
  readonly stateTransition: BucketQuota
  /** SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat, which share it. */
  readonly sendTask: BucketQuota
}

const LARGE_REGIONS: readonly string[] = ['us-east-1', 'us-west-2', 'eu-west-1']

const LARGE: WorkflowQuotas = {
  startStandard: { bucketSize: 1_300, refillRate: 300 },
  startExpress: { bucketSize: 6_000, refillRate: 6_000 },
  stateTransition: { bucketSize: 5_000, refillRate: 5_000 },
  sendTask: { bucketSize: 3_000, refillRate: 500 },
}

const OTHERS: WorkflowQuotas = {
  startStandard: { bucketSize: 800, refillRate: 150 },
  startExpress: { bucketSize: 6_000, refillRate: 6_000 },
  stateTransition: { bucketSize: 800, refillRate: 800 },
  sendTask: { bucketSize: 1_500, refillRate: 300 },
}

type Raised = { readonly [Key in keyof WorkflowQuotas]?: WorkflowQuotas[Key] | undefined }

/** `raised` are those that AWS has changed for the account. */
export function workflowQuotas(region: string, raised: Raised = {}): WorkflowQuotas {
  const quotas = LARGE_REGIONS.includes(region) ? LARGE : OTHERS
  return {
    startStandard: raised.startStandard ?? quotas.startStandard,
    startExpress: raised.startExpress ?? quotas.startExpress,
    stateTransition: raised.stateTransition ?? quotas.stateTransition,
    sendTask: raised.sendTask ?? quotas.sendTask,
  }
}

/** Standard executions that may be open at once in an account and Region. */
export const OPEN_EXECUTIONS = 1_000_000
/** Of a Standard execution; the last one is the end. */
export const MOST_HISTORY_EVENTS = 25_000
export const LONGEST_EXPRESS_US = 5 * MICROSECONDS_PER_MINUTE
/** Of the input or output of a task, state or execution. */
export const LARGEST_DOCUMENT_BYTES = 262_144
/** Map Runs that may be open at once in an account and Region; further ones wait. */
export const OPEN_MAP_RUNS = 1_000
/** Iterations of an inline Map at once, whatever MaxConcurrency says. */
export const INLINE_CONCURRENCY = 40
/** Child executions of a distributed Map at once. */
export const DISTRIBUTED_CONCURRENCY = 10_000
/** Child executions that a Map Run starts in a second. */
export const EXPRESS_CHILDREN_PER_SECOND = 1_000
export const STANDARD_CHILDREN_PER_SECOND = 100
