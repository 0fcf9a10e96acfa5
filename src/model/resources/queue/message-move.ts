import { RANK_POLL } from '../../../kernel/order.ts'
import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { NONE } from '../../messages/message-store.ts'
import type { World } from '../../world.ts'
import type { Queue } from './queue.ts'

/** The keys of `redrive` in a timeline. */
export interface MessageMoveOptions {
  /** A queue; left out: back to where each message came from. */
  readonly to?: string | undefined
  /** Messages per second. */
  readonly rate: number
}

/**
 * Redrive of a dead-letter queue: a task that moves what was visible at its start, one message
 * after the other at a steady rate.
 * Source: Amazon SQS API reference, StartMessageMoveTask: at most 500 messages a second, one task
 * of a queue at a time; messages are new in the queue that they are moved to.
 */
export class MessageMove {
  /** Messages still to be moved. */
  left = 0
  private readonly world: World
  private readonly queue: Queue
  private readonly stepKind: number
  private target: Queue | null = null
  private startUs = 0
  private intervalUs = 0
  private moved = 0

  constructor(world: World, queue: Queue) {
    this.world = world
    this.queue = queue
    this.stepKind = world.addEventKind(() => this.step())
  }

  begin({ to, rate }: MessageMoveOptions): void {
    if (this.left > 0 || rate === 0) return
    this.target = to === undefined ? null : (this.world.target(to, ['queues']) as Queue)
    this.left = this.queue.visibleCount
    this.moved = 0
    this.startUs = this.world.simulator.nowUs
    this.intervalUs = MICROSECONDS_PER_SECOND / rate
    if (this.left > 0) this.scheduleStep()
  }

  private scheduleStep(): void {
    const atUs = Math.round(this.startUs + this.moved * this.intervalUs)
    this.world.simulator.schedule(atUs, RANK_POLL, this.stepKind, 0)
  }

  private step(): void {
    const message = this.queue.firstVisible
    if (message === NONE) {
      this.left = 0
      return
    }
    this.queue.moveOut(message, this.target ?? this.queue.sourceOf(message))
    this.left--
    this.moved++
    if (this.left > 0) this.scheduleStep()
  }
}
