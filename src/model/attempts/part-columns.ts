import type { CompiledScenario } from '../compiled-scenario.ts'
import type { CallPhase } from '../time-parts.ts'

// The parts that any attempt may have, in the order of its life; parts of downstreams follow.
export const QUEUED = 0
export const CLIENT_WAIT = 1
export const FRONT_DOOR = 2
export const WAIT = 3
export const PLACEMENT = 4
export const INIT = 5
export const RESTORE = 6
export const SUPPRESSED_INIT = 7
export const FIRST_INVOCATION = 8
export const COMPUTE = 9
export const CALL = 10
export const BACK_OFF = 11

export interface PartColumn {
  /** Without its unit. */
  readonly name: string
  readonly help: string
}

const GENERAL: readonly PartColumn[] = [
  {
    name: 'queued',
    help: "of an event or batch: from its first message's entry, or from the end of the attempt before, until this attempt",
  },
  {
    name: 'client_wait',
    help: 'at the client, before the attempt: back-off, and waiting for its rate limiter',
  },
  { name: 'front_door', help: 'in the front door, on the way in and out' },
  {
    name: 'wait',
    help: 'admitted, until another environment than the one begun for it became free',
  },
  { name: 'placement', help: 'sandbox creation and download of a cold start' },
  { name: 'init', help: 'init of a cold start' },
  { name: 'restore', help: 'restore of a SnapStart snapshot, in place of init' },
  {
    name: 'suppressed_init',
    help: 'init run again within the invocation, after one that failed, took too long or was lost in a reset',
  },
  {
    name: 'first_invocation',
    help: "what an environment's first invocation takes longer than others",
  },
  { name: 'compute', help: "the handler's own time" },
  { name: 'call', help: 'the handler waits for functions that it calls' },
  { name: 'back_off', help: 'the handler waits to try a call to a downstream again' },
]

const PHASES: Readonly<Record<CallPhase, string>> = {
  network: 'what it sends and gets is on its way, or it waits for a port',
  wait: 'the handler waits in line there',
  connection: 'it waits for a connection: borrowing it, and setting it up',
  service: 'it is served there',
}

/** The parts that the attempts of one scenario may have. */
export class PartColumns {
  readonly all: readonly PartColumn[]
  private readonly places = new Map<string, Partial<Record<CallPhase, number>>>()

  constructor({ parts }: Pick<CompiledScenario, 'parts'>) {
    const all = [...GENERAL]
    const called = parts.filter(({ callPhases = [] }) => callPhases.length > 0)
    for (const { path, name, callPhases = [] } of called) {
      const isShared = called.some((other) => other.path !== path && other.name === name)
      const places: Partial<Record<CallPhase, number>> = {}
      for (const phase of callPhases) {
        // Names of nodes have no dot, so that no two columns have the same name.
        const column = `${isShared ? path : name}.${phase}`
        places[phase] = all.push({ name: column, help: PHASES[phase] }) - 1
      }
      this.places.set(path, places)
    }
    this.all = all
  }

  /** Of a call to what has this path; what has no columns of its own counts as a call. */
  of(path: string, phase: CallPhase): number {
    return this.places.get(path)?.[phase] ?? CALL
  }
}

/** For the reference page: what downstreams have instead of DOWNSTREAM. */
export const PART_HELP: readonly PartColumn[] = [
  ...GENERAL,
  ...Object.entries(PHASES).map(([phase, help]) => ({ name: `DOWNSTREAM.${phase}`, help })),
]
