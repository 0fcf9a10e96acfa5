/** Runs a scenario and notes what happens to each record, in order. */
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { ORDINAL } from '../../src/model/messages/message-store.ts'
import { MESSAGE_ENDED, MESSAGE_RECEIVED } from '../../src/model/transitions.ts'
import type { World } from '../../src/model/world.ts'
import type { RunOptions } from './run.ts'

export interface RecordStep {
  readonly what: 'received' | 'ended'
  readonly atUs: number
  readonly producer: string
  readonly ordinal: number
  readonly key: number
}

interface Notes extends RunOptions {
  /** After the run: messages and records that nobody has given back. */
  slotsInUse(): number
}

/** Options of a run that fills `steps`. */
export function noting(steps: RecordStep[]): Notes {
  let used = (): number => 0
  const listen = (world: World): void => {
    const { births, messages, simulator, transitions } = world
    used = () => messages.used
    transitions.view = {
      onTransition: (code, subject) => {
        if (code !== MESSAGE_RECEIVED && code !== MESSAGE_ENDED) return
        steps.push({
          what: code === MESSAGE_RECEIVED ? 'received' : 'ended',
          atUs: simulator.nowUs,
          producer: births.nameOf(subject),
          ordinal: messages.reals[4 * subject + ORDINAL]!,
          key: births.keyOf(subject),
        })
      },
    }
  }
  return {
    slotsInUse: () => used(),
    rows: false,
    adjust: (compiled: CompiledScenario) => ({
      ...compiled,
      parts: compiled.parts.map((part) => ({
        ...part,
        create: (world: World) => {
          listen(world)
          return part.create(world)
        },
      })),
    }),
  }
}
