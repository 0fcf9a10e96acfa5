import type { CalledResource, CallTarget } from '../downstream/downstream.ts'
import type { Book } from '../metrics/ledger.ts'
import type { Part } from '../part.ts'
import type { World } from '../world.ts'
import type { StateMachineConfig } from './config.ts'
import { ExecutionCalls } from './execution-calls.ts'
import { startEntry } from './starts/index.ts'
import { StateMachine } from './state-machine.ts'

/** A state machine with what starts its executions, and what handlers that wait for them call. */
export class StartedStateMachine extends StateMachine implements CalledResource {
  private readonly starts: readonly Part[]

  constructor(name: string, config: StateMachineConfig, world: World) {
    super(name, config, world)
    this.starts = Object.entries(config.events).map(([event, start]) => {
      const path = `${this.path}.events.${event}`
      return startEntry(start).create(
        { name: `${name}.${event}`, path, config: start },
        this,
        world,
      )
    })
  }

  calledFrom(): CallTarget {
    return new ExecutionCalls(this, this.world)
  }

  override connect(): void {
    super.connect()
    for (const start of this.starts) start.connect?.()
  }

  start(): void {
    for (const start of this.starts) start.start?.()
  }

  silence(): void {
    for (const start of this.starts) start.silence?.()
  }

  override pending(): number {
    return this.starts.reduce((sum, start) => sum + (start.pending?.() ?? 0), super.pending())
  }

  override closeBooks(): readonly Book[] {
    return [...super.closeBooks(), ...this.starts.flatMap((start) => start.closeBooks?.() ?? [])]
  }
}
