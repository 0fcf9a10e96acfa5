import { RANK_POLL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { World } from '../../world.ts'

/** Says, a second after it was armed, that it is time to look whether a poller has to grow. */
export class GrowthClock {
  private readonly world: World
  private readonly eventKind: number
  private isArmed = false
  private isDue = false

  constructor(world: World, onDue: () => void) {
    this.world = world
    this.eventKind = world.addEventKind(() => {
      this.isArmed = false
      this.isDue = true
      onDue()
    })
  }

  arm(): void {
    if (this.isArmed) return
    this.isArmed = true
    const { simulator } = this.world
    const atUs = simulator.nowUs + MICROSECONDS_PER_SECOND
    simulator.schedule(atUs, RANK_POLL, this.eventKind, 0)
  }

  /** Whether a second is over that has not been asked about. */
  takeDue(): boolean {
    const { isDue } = this
    this.isDue = false
    return isDue
  }
}
