import type { EnvironmentStore } from './compute/environment-store.ts'
import { THROTTLE_CAUSES } from './compute/throttle-cause.ts'
import {
  COLD,
  NOT_SPILLED,
  OUTCOME_REASONS,
  PROVISIONED,
  SPILLOVER_REASONS,
  SUCCEEDED,
  TIMED_OUT,
} from './invocation/outcome.ts'
import type { Simulation } from './simulation.ts'
import { ENDED, REFUSED, type TransitionView } from './transitions.ts'

/** An attempt, its fate and where its time went; the parts add up to `latencyUs`. */
export interface AttemptRecord {
  readonly arrivedUs: number
  readonly producer: string
  readonly request: number
  readonly functionName: string
  readonly version: string
  readonly outcome: string
  readonly reason: string
  readonly start: string
  readonly spilloverReason: string
  readonly environment: number
  readonly waitUs: number
  readonly placementUs: number
  readonly initUs: number
  readonly durationUs: number
  readonly latencyUs: number
}

/** A view of the transitions that tells of every attempt when its fate is known. */
export class AttemptLog implements TransitionView {
  private readonly simulation: Simulation
  private readonly onAttempt: (record: AttemptRecord) => void

  constructor(simulation: Simulation, onAttempt: (record: AttemptRecord) => void) {
    this.simulation = simulation
    this.onAttempt = onAttempt
  }

  onTransition(code: number, _nowUs: number, subject: number): void {
    if (code === REFUSED) this.onAttempt(this.refused(subject))
    else if (code === ENDED) this.onAttempt(this.ended(subject))
  }

  private refused(slot: number): AttemptRecord {
    const { invocations } = this.simulation
    return {
      ...this.common(slot),
      version: '',
      outcome: 'throttled',
      reason: THROTTLE_CAUSES[invocations.refusalCause]!.reason,
      start: '',
      spilloverReason: '',
      environment: -1,
      waitUs: 0,
      placementUs: 0,
      initUs: 0,
      durationUs: 0,
      latencyUs: 0,
    }
  }

  private ended(slot: number): AttemptRecord {
    const { invocations, environments } = this.simulation
    const { store } = invocations
    const environment = store.environment[slot]!
    const start = store.start[slot]!
    const isHandedOver = start === COLD && store.handedOver[slot] === 1
    const isCold = start === COLD && !isHandedOver
    const durationUs = store.durationUs[slot]!
    return {
      ...this.common(slot),
      version: environments.pools[environments.store.pool[environment]!]!.version,
      outcome: outcomeName(store.outcome[slot]!),
      reason: OUTCOME_REASONS[store.outcome[slot]!]!,
      start: isHandedOver ? 'handed-over' : startName(start, store.spillover[slot]!),
      spilloverReason: SPILLOVER_REASONS[store.spillover[slot]!]!,
      environment: ordinalOf(environments.store, environment),
      waitUs: isHandedOver ? store.delayUs[slot]! : 0,
      placementUs: isCold ? store.placementUs[slot]! : 0,
      initUs: isCold ? store.initUs[slot]! : 0,
      durationUs,
      latencyUs: store.delayUs[slot]! + durationUs,
    }
  }

  private common(slot: number) {
    const { invocations, functions } = this.simulation
    const { store, origins } = invocations
    return {
      arrivedUs: store.arrivedUs[slot]!,
      producer: origins[store.origin[slot]!]!.name,
      request: store.ordinal[slot]!,
      functionName: functions[store.functionIndex[slot]!]!.name,
    }
  }
}

function ordinalOf(store: EnvironmentStore, environment: number): number {
  return store.ordinal[environment]!
}

function outcomeName(outcome: number): string {
  if (outcome === SUCCEEDED) return 'succeeded'
  return outcome === TIMED_OUT ? 'timedOut' : 'failed'
}

function startName(start: number, spillover: number): string {
  if (start === PROVISIONED) return 'provisioned'
  const temperature = start === COLD ? 'cold' : 'warm'
  return spillover === NOT_SPILLED ? temperature : `spilled-${temperature}`
}
