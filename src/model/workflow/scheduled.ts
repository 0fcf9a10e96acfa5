import { Schedule, type ScheduleConfig } from '../invocation/asynchronous/schedule.ts'
import type { Book } from '../metrics/ledger.ts'
import type { World } from '../world.ts'
import type { StateMachineConfig } from './config.ts'
import { StateMachine } from './state-machine.ts'

/** A state machine with the schedules that start it. */
export class ScheduledStateMachine extends StateMachine {
  private readonly schedules: readonly Schedule[]

  constructor(name: string, config: StateMachineConfig, world: World) {
    super(name, config, world)
    this.schedules = Object.entries(config.events).map(([event, schedule]) => {
      const edge = {
        name: `${name}.${event}`,
        path: `${this.path}.events.${event}`,
        config: schedule as unknown as ScheduleConfig,
      }
      return new Schedule(edge, () => this, world)
    })
  }

  override connect(): void {
    super.connect()
    for (const schedule of this.schedules) schedule.connect()
  }

  start(): void {
    for (const schedule of this.schedules) schedule.start()
  }

  silence(): void {
    for (const schedule of this.schedules) schedule.silence()
  }

  override pending(): number {
    return this.schedules.reduce((sum, schedule) => sum + schedule.pending(), super.pending())
  }

  override closeBooks(): readonly Book[] {
    return [...super.closeBooks(), ...this.schedules.flatMap((schedule) => schedule.closeBooks())]
  }
}
