import type { Distribution } from '../distributions/distribution.ts'
import { createDistribution, type DistributionChoice } from '../distributions/index.ts'
import type { StateMachineConfig } from './config.ts'
import type { StateMachineProgram } from './program.ts'

type Stated = Pick<StateMachineConfig, 'durations' | 'serviceDuration'>

/** How long each state's task takes beside its call, by state; undefined: no time, or none is stated. */
export function statedTimes(
  { durations, serviceDuration }: Stated,
  { states, sites }: StateMachineProgram,
): readonly (Distribution | undefined)[] {
  const other = created(serviceDuration)
  return states.map((name, index) => {
    const isOther = sites.some(
      ({ state, work, pattern }) =>
        state === index && (work.kind === 'stated' || pattern !== 'request-response'),
    )
    return created(durations[name]) ?? (isOther ? other : undefined)
  })
}

export function created(choice: DistributionChoice | undefined): Distribution | undefined {
  return choice === undefined ? undefined : createDistribution(choice)
}
