import { ORDINAL as ENVIRONMENT_ORDINAL } from './compute/environment-store.ts'
import { THROTTLE_CAUSES } from './compute/throttle-cause.ts'
import {
  ARRIVED_US,
  DURATION_US,
  ENVIRONMENT,
  ORDINAL,
  ORIGIN,
  OUTCOME,
  START,
} from './invocation/invocation-store.ts'
import type { Origin } from './invocation/origin.ts'
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
export interface AttemptRow {
  readonly replication: number
  readonly arrivedUs: number
  readonly producer: string
  readonly request: number
  /** Its number among the attempts of its request, from 1. */
  readonly attempt: number
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
  /** From a SnapStart snapshot, in place of init. */
  readonly restoreUs: number
  /** Its handler's own time; with `callUs` it is what `Duration` covers. */
  readonly durationUs: number
  /** How long its handler waited for functions that it called. */
  readonly callUs: number
  readonly latencyUs: number
}

/** A view of the transitions that tells of every attempt when its fate is known. */
export class AttemptLog implements TransitionView {
  private readonly simulation: Simulation
  private readonly replication: number
  private readonly onAttempt: (record: AttemptRow) => void

  constructor(
    simulation: Simulation,
    replication: number,
    onAttempt: (record: AttemptRow) => void,
  ) {
    this.simulation = simulation
    this.replication = replication
    this.onAttempt = onAttempt
  }

  onTransition(code: number, subject: number): void {
    if (code === REFUSED) this.onAttempt(this.refused(subject))
    else if (code === ENDED) this.onAttempt(this.ended(subject))
  }

  private refused(slot: number): AttemptRow {
    const { refusalCause, refusing, store } = this.simulation.invocations
    return {
      replication: this.replication,
      arrivedUs: store.reals[4 * slot + ARRIVED_US]!,
      producer: this.originOf(slot).name,
      request: store.reals[4 * slot + ORDINAL]!,
      attempt: this.originOf(slot).attemptOf?.(slot) ?? 1,
      functionName: refusing!.function.name,
      version: '',
      outcome: 'throttled',
      reason: THROTTLE_CAUSES[refusalCause]!.reason,
      start: '',
      spilloverReason: '',
      environment: -1,
      waitUs: 0,
      placementUs: 0,
      initUs: 0,
      restoreUs: 0,
      durationUs: 0,
      callUs: 0,
      latencyUs: 0,
    }
  }

  private ended(slot: number): AttemptRow {
    const { invocations, environments } = this.simulation
    const { store } = invocations
    const environment = store.ints[8 * slot + ENVIRONMENT]!
    const pool = environments.poolOf(environment)
    const start = store.bytes[32 * slot + START]!
    const outcome = store.bytes[32 * slot + OUTCOME]!
    const spillover =
      start !== PROVISIONED && pool.function.hasProvisioned ? store.spillover[slot]! : NOT_SPILLED
    const durationUs = store.reals[4 * slot + DURATION_US]!
    const callUs = pool.function.calls === null ? 0 : store.callUs[slot]!
    const delayUs = invocations.delayUs(slot)
    const placementUs = start === COLD ? store.placementUs[slot]! : 0
    const readyUs =
      start !== COLD ? 0 : pool.restore === null ? store.initUs[slot]! : delayUs - placementUs
    return {
      replication: this.replication,
      arrivedUs: store.reals[4 * slot + ARRIVED_US]!,
      producer: this.originOf(slot).name,
      request: store.reals[4 * slot + ORDINAL]!,
      attempt: this.originOf(slot).attemptOf?.(slot) ?? 1,
      functionName: pool.function.name,
      version: pool.version,
      outcome: outcomeName(outcome),
      reason: OUTCOME_REASONS[outcome]!,
      start: startName(start, spillover),
      spilloverReason: SPILLOVER_REASONS[spillover]!,
      environment: environments.store.ints[8 * environment + ENVIRONMENT_ORDINAL]!,
      waitUs: start === HANDED_OVER ? delayUs : 0,
      placementUs,
      initUs: pool.restore === null ? readyUs : 0,
      restoreUs: pool.restore === null ? 0 : readyUs,
      durationUs: durationUs - callUs,
      callUs,
      latencyUs: delayUs + durationUs,
    }
  }

  private originOf(slot: number): Origin {
    const { origins, store } = this.simulation.invocations
    return origins[store.shorts[16 * slot + ORIGIN]!]!
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
