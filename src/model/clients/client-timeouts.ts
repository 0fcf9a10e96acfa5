import { RANK_EXPIRY } from '../../kernel/order.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import { TimerLane } from '../../kernel/timer-lane.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'

/** The timeout of one producer's attempts: all have the same length, so one event waits for all. */
export class ClientTimeouts {
  private readonly lane: TimerLane
  private readonly simulator: Simulator
  private readonly kind: number
  private readonly onTimeout: (request: number) => void

  constructor(lengthUs: number, world: World, onTimeout: (request: number) => void) {
    this.lane = new TimerLane(lengthUs)
    this.simulator = world.simulator
    this.kind = world.addEventKind(() => this.onDue())
    this.onTimeout = onTimeout
  }

  /** The current attempt of a request begins. */
  start(request: number): void {
    this.lane.start(request, this.simulator.nowUs)
    this.arm()
  }

  /** It has been answered. */
  cancel(request: number): void {
    this.lane.cancel(request)
  }

  private arm(): void {
    const { lane } = this
    if (lane.isArmed || lane.headDueUs === Number.POSITIVE_INFINITY) return
    lane.isArmed = true
    // After releases: an answer that comes at the last instant is in time.
    this.simulator.schedule(lane.headDueUs, RANK_EXPIRY, this.kind, 0)
  }

  private onDue(): void {
    const { nowUs } = this.simulator
    this.lane.isArmed = false
    for (;;) {
      const request = this.lane.takeDue(nowUs)
      if (request === NONE) break
      this.onTimeout(request)
    }
    this.arm()
  }
}
