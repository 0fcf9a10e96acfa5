import { RANK_EXPIRY } from '../kernel/order.ts'
import type { Simulator } from '../kernel/simulator.ts'
import { TimerLane } from '../kernel/timer-lane.ts'
import type { World } from './world.ts'

/** Timeouts of one length, of whatever has a slot: one event waits for all of them. */
export class Timeouts {
  private readonly lane: TimerLane
  private readonly simulator: Simulator
  private readonly kind: number
  private readonly onTimeout: (slot: number) => void

  constructor(lengthUs: number, world: World, onTimeout: (slot: number) => void) {
    this.lane = new TimerLane(lengthUs)
    this.simulator = world.simulator
    this.kind = world.addEventKind(() => this.onDue())
    this.onTimeout = onTimeout
  }

  /** That of a slot that has none running begins. */
  start(slot: number): void {
    this.lane.start(slot, this.simulator.nowUs)
    this.arm()
  }

  /** What was waited for has come; without effect when none is running. */
  cancel(slot: number): void {
    this.lane.cancel(slot)
  }

  private arm(): void {
    const { lane } = this
    if (lane.isArmed || lane.headDueUs === Number.POSITIVE_INFINITY) return
    lane.isArmed = true
    // After releases: an answer that comes at the last instant is in time.
    this.simulator.scheduleLater(lane.headDueUs, RANK_EXPIRY, this.kind, 0)
  }

  private onDue(): void {
    const { nowUs } = this.simulator
    this.lane.isArmed = false
    for (;;) {
      const slot = this.lane.takeDue(nowUs)
      if (slot < 0) break
      this.onTimeout(slot)
    }
    this.arm()
  }
}
