import { ORDINAL as ENVIRONMENT_ORDINAL } from '../compute/environment-store.ts'
import { THROTTLE_CAUSES } from '../compute/throttle-cause.ts'
import { DURATION_US, ENVIRONMENT, OUTCOME, START } from '../invocation/invocation-store.ts'
import {
  COLD,
  HANDED_OVER,
  NOT_SPILLED,
  OUTCOME_REASONS,
  PROVISIONED,
  SPILLOVER_REASONS,
  SUCCEEDED,
  TIMED_OUT,
} from '../invocation/outcome.ts'
import type { Simulation } from '../simulation.ts'

/** What Lambda knows of an attempt: what served it, and how long each thing took, whoever waited. */
export interface InvocationFacts {
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
  /** How long its handler waited for what it called. */
  readonly callUs: number
  /** From its arrival at Lambda to its end: the five together. */
  readonly latencyUs: number
}

const NEVER_RAN = {
  functionName: '',
  version: '',
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

/** Of an attempt that no function saw. */
export function uninvoked(outcome: string, reason: string): InvocationFacts {
  return { ...NEVER_RAN, outcome, reason }
}

/** Of the attempt that is being refused. */
export function refused({ invocations }: Simulation): InvocationFacts {
  const { refusalCause, refusing } = invocations
  const { reason } = THROTTLE_CAUSES[refusalCause]!
  return { ...NEVER_RAN, functionName: refusing!.function.name, outcome: 'throttled', reason }
}

export function ended(simulation: Simulation, slot: number): InvocationFacts {
  const { invocations, environments } = simulation
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
  const isRestored = pool.restore !== null
  return {
    functionName: pool.function.name,
    version: pool.version,
    outcome: outcomeName(outcome),
    reason: OUTCOME_REASONS[outcome]!,
    start: startName(start, spillover),
    spilloverReason: SPILLOVER_REASONS[spillover]!,
    environment: environments.store.ints[8 * environment + ENVIRONMENT_ORDINAL]!,
    waitUs: start === HANDED_OVER ? delayUs : 0,
    placementUs,
    initUs: start === COLD && !isRestored ? store.initUs[slot]! : 0,
    restoreUs: start === COLD && isRestored ? delayUs - placementUs : 0,
    durationUs: durationUs - callUs,
    callUs,
    latencyUs: delayUs + durationUs,
  }
}

/** Of an attempt that is still under way when the run ends: how long it will take is not known. */
export function unfinished(
  simulation: Simulation,
  slot: number,
  isStarted: boolean,
): InvocationFacts {
  const unknown = { outcome: 'inFlight', reason: '', durationUs: 0, callUs: 0, latencyUs: 0 }
  if (isStarted) return { ...ended(simulation, slot), ...unknown }
  const { invocations, environments } = simulation
  const { store } = invocations
  const environment = store.ints[8 * slot + ENVIRONMENT]!
  const own = environments.store
  const pool = environments.poolOf(environment)
  return {
    ...NEVER_RAN,
    ...unknown,
    functionName: pool.function.name,
    version: pool.version,
    start: startName(store.bytes[32 * slot + START]!, NOT_SPILLED),
    environment: own.ints[8 * environment + ENVIRONMENT_ORDINAL]!,
    placementUs: own.placementUs[environment]!,
    initUs: own.initUs[environment]!,
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
