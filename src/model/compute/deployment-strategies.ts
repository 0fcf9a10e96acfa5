/**
 * How a deployment shifts traffic to a new version: CodeDeploy's predefined configurations under
 * the names that SAM gives them. Source: AWS SAM developer guide, "Deploying serverless
 * applications gradually".
 */
import { MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'

export interface DeploymentStrategy {
  readonly name: string
  /** Share of traffic on the new version from when on, relative to the deployment; the last is 1. */
  readonly shifts: readonly { readonly afterUs: number; readonly share: number }[]
}

/** A tenth at once, the rest after some minutes. */
function canary(minutes: number): DeploymentStrategy {
  return {
    name: `Canary10Percent${minutes}Minutes`,
    shifts: [
      { afterUs: 0, share: 0.1 },
      { afterUs: minutes * MICROSECONDS_PER_MINUTE, share: 1 },
    ],
  }
}

/** A tenth at once and a tenth more every some minutes. */
function linear(minutes: number): DeploymentStrategy {
  return {
    name: `Linear10PercentEvery${minutes}Minute${minutes === 1 ? '' : 's'}`,
    shifts: Array.from({ length: 10 }, (_, step) => ({
      afterUs: step * minutes * MICROSECONDS_PER_MINUTE,
      share: (step + 1) / 10,
    })),
  }
}

export const ALL_AT_ONCE: DeploymentStrategy = {
  name: 'AllAtOnce',
  shifts: [{ afterUs: 0, share: 1 }],
}

/** The first is the default; only it works for a function without an alias. */
export const DEPLOYMENT_STRATEGIES: readonly DeploymentStrategy[] = [
  ALL_AT_ONCE,
  canary(5),
  canary(10),
  canary(15),
  canary(30),
  linear(1),
  linear(2),
  linear(3),
  linear(10),
]

export function deploymentStrategy(name: string): DeploymentStrategy | undefined {
  return DEPLOYMENT_STRATEGIES.find((strategy) => strategy.name === name)
}
