import { intAt, realAt } from '../kernel/record-store.ts'
import { ORDINAL as ENVIRONMENT_ORDINAL } from './compute/environment-record.ts'
import { THROTTLE_CAUSES } from './compute/throttle-cause.ts'
import {
  ARRIVED_US,
  DELAY_US,
  DURATION_US,
  ENVIRONMENT,
  INIT_US,
  ORDINAL,
  ORIGIN,
  OUTCOME,
  PLACEMENT_US,
  QUALIFIER,
  SPILLOVER,
  START,
} from './invocation/invocation-record.ts'
import {
  COLD,
  HANDED_OVER,
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
    const { reals, ints } = invocations.store
    const real = realAt(slot)
    const int = intAt(slot)
    const environment = ints[int + ENVIRONMENT]!
    const start = ints[int + START]!
    const spillover = ints[int + SPILLOVER]!
    const outcome = ints[int + OUTCOME]!
    const durationUs = reals[real + DURATION_US]!
    const delayUs = reals[real + DELAY_US]!
    return {
      ...this.common(slot),
      version: environments.poolOf(environment).version,
      outcome: outcomeName(outcome),
      reason: OUTCOME_REASONS[outcome]!,
      start: startName(start, spillover),
      spilloverReason: SPILLOVER_REASONS[spillover]!,
      environment: environments.store.reals[realAt(environment) + ENVIRONMENT_ORDINAL]!,
      waitUs: start === HANDED_OVER ? delayUs : 0,
      placementUs: start === COLD ? reals[real + PLACEMENT_US]! : 0,
      initUs: start === COLD ? reals[real + INIT_US]! : 0,
      durationUs,
      latencyUs: delayUs + durationUs,
    }
  }

  private common(slot: number) {
    const { origins, qualifiers, store } = this.simulation.invocations
    const { reals, ints } = store
    return {
      arrivedUs: reals[realAt(slot) + ARRIVED_US]!,
      producer: origins[ints[intAt(slot) + ORIGIN]!]!.name,
      request: reals[realAt(slot) + ORDINAL]!,
      functionName: qualifiers[ints[intAt(slot) + QUALIFIER]!]!.function.name,
    }
  }
}

function outcomeName(outcome: number): string {
  if (outcome === SUCCEEDED) return 'succeeded'
  return outcome === TIMED_OUT ? 'timedOut' : 'failed'
}

function startName(start: number, spillover: number): string {
  if (start === PROVISIONED) return 'provisioned'
  if (start === HANDED_OVER) return 'handed-over'
  const temperature = start === COLD ? 'cold' : 'warm'
  return spillover === NOT_SPILLED ? temperature : `spilled-${temperature}`
}
