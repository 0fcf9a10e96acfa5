import { RANK_POLL } from '../../../kernel/order.ts'
import type { Simulator } from '../../../kernel/simulator.ts'
import type { World } from '../../world.ts'

/**
 * The batching windows of an event source mapping. They follow each other from the end of the last
 * invocation; while there is nothing to collect they roll on without an event.
 * Source: Lambda developer guide, "Batching behavior": the next window begins as soon as the
 * function invocation has completed.
 */
export class BatchingWindow {
  private readonly simulator: Simulator
  private readonly eventKind: number
  private startUs = 0
  private endUs = 0
  private armedUs = Number.POSITIVE_INFINITY

  /** `onEnd` is to ask `isOver`. */
  constructor(world: World, onEnd: () => void) {
    this.simulator = world.simulator
    this.eventKind = world.addEventKind(onEnd)
  }

  /** A new row of windows begins. */
  restart(): void {
    this.startUs = this.simulator.nowUs
  }

  /** The first message of a batch has come: the present window is the batch's. */
  open(lengthUs: number): void {
    const elapsed = Math.floor((this.simulator.nowUs - this.startUs) / lengthUs)
    this.endUs = this.startUs + (elapsed + 1) * lengthUs
    this.arm()
  }

  /** Whether the batch that is being collected has to be closed now. */
  isOver(isCollecting: boolean): boolean {
    const { nowUs } = this.simulator
    if (nowUs !== this.armedUs) return false
    this.armedUs = Number.POSITIVE_INFINITY
    if (!isCollecting) return false
    if (this.endUs <= nowUs) return true
    this.arm()
    return false
  }

  private arm(): void {
    if (this.endUs >= this.armedUs) return
    this.armedUs = this.endUs
    this.simulator.schedule(this.endUs, RANK_POLL, this.eventKind, 0)
  }
}
