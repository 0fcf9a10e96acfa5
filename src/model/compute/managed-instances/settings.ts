import type { EnvironmentSize } from './fleet.ts'

/** How a function runs on managed instances: complete plain values. */
export interface ManagedSettings {
  /** The name of its capacity provider. */
  readonly capacityProvider: string
  readonly size: EnvironmentSize
  /** Requests that one environment works on at once at most. */
  readonly places: number
  /** What the handler's CPU time allows, not `perExecutionEnvironmentMaxConcurrency`, sets `places`. */
  readonly isLimitedByCpu: boolean
  /** vCPUs that a request uses while it is in flight; 0: not stated. */
  readonly cpuOfRequest: number
  readonly scaling: EnvironmentRange
  /** By its maximum and by the room that the provider has for this function alone, for explain. */
  readonly mostEnvironments: number
  /** How many environments the version of the bare name has at time 0; others have the minimum. */
  readonly initialEnvironments: number
  /** How long a timed-out request keeps its place where that does not follow from its duration, us. */
  readonly heldAfterTimeoutUs: number
  /** An init that takes longer is given up and begun anew, us. */
  readonly initLimitUs: number
}

/** CloudFormation's FunctionScalingConfig. */
export interface EnvironmentRange {
  readonly minExecutionEnvironments: number
  /** Infinity: no maximum. */
  readonly maxExecutionEnvironments: number
}
