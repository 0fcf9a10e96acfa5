import { Timeouts } from '../timeouts.ts'
import type { World } from '../world.ts'

/** The integration timeouts of a door: those of one length wait for one event. */
export class IntegrationTimeouts {
  private readonly byLength = new Map<number, Timeouts>()
  private readonly world: World
  private readonly onTimeout: (call: number) => void

  constructor(world: World, onTimeout: (call: number) => void) {
    this.world = world
    this.onTimeout = onTimeout
  }

  /** A function has been invoked; Infinity: it is waited for as long as it takes. */
  start(call: number, lengthUs: number): void {
    if (lengthUs < Number.POSITIVE_INFINITY) this.of(lengthUs).start(call)
  }

  cancel(call: number, lengthUs: number): void {
    if (lengthUs < Number.POSITIVE_INFINITY) this.of(lengthUs).cancel(call)
  }

  private of(lengthUs: number): Timeouts {
    let timeouts = this.byLength.get(lengthUs)
    if (timeouts === undefined) {
      timeouts = new Timeouts(lengthUs, this.world, this.onTimeout)
      this.byLength.set(lengthUs, timeouts)
    }
    return timeouts
  }
}
