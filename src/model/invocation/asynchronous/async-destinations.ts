import type { LambdaFunction } from '../../compute/lambda-function.ts'
import type { CounterSeries } from '../../metrics/series.ts'
import { ACCEPTED, type Target } from '../../resources/target.ts'
import type { World } from '../../world.ts'
import type { AsyncMeter } from './async-meter.ts'

export const SUCCESS_DESTINATIONS = ['queues', 'topics', 'buses', 'functions'] as const
export const FAILURE_DESTINATIONS = [...SUCCESS_DESTINATIONS, 'buckets'] as const
export const DEAD_LETTER_TARGETS = ['queues', 'topics'] as const

/**
 * Where records of a function's asynchronous events go: its destinations and its dead-letter queue.
 * Each is tried once (assumed); what does not take its record is counted.
 * Source: Lambda developer guide, "Capturing records of Lambda asynchronous invocations".
 */
export class AsyncDestinations {
  private readonly owner: LambdaFunction
  private readonly meter: AsyncMeter
  private readonly world: World
  private onSuccess: Target | null = null
  private onFailure: Target | null = null
  private deadLetterTarget: Target | null = null

  constructor(owner: LambdaFunction, meter: AsyncMeter, world: World) {
    this.owner = owner
    this.meter = meter
    this.world = world
  }

  connect(): void {
    const { onSuccess, onFailure, deadLetterTarget } = this.owner.settings.asynchronous
    const { world } = this
    if (onSuccess !== null) this.onSuccess = world.target(onSuccess, SUCCESS_DESTINATIONS)
    if (onFailure !== null) this.onFailure = world.target(onFailure, FAILURE_DESTINATIONS)
    if (deadLetterTarget !== null) {
      this.deadLetterTarget = world.target(deadLetterTarget, DEAD_LETTER_TARGETS)
    }
  }

  recordSuccess(message: number): void {
    this.deliver(message, this.onSuccess, this.meter.destinationFailures)
  }

  /**
   * Of an event given up. Both a failure destination and a dead-letter queue get it; the first one
   * is its outcome. null: nobody took it.
   */
  recordFailure(message: number): 'deliveredToDestination' | 'deadLettered' | null {
    const { destinationFailures, deadLetterErrors } = this.meter
    const isDelivered = this.deliver(message, this.onFailure, destinationFailures)
    const isDeadLettered = this.deliver(message, this.deadLetterTarget, deadLetterErrors)
    if (isDelivered) return 'deliveredToDestination'
    return isDeadLettered ? 'deadLettered' : null
  }

  /**
   * Whether there is a target and it took its copy, whose lineage has the function in it: also where
   * the function was never invoked (assumed), so that failure targets in a circle come to an end.
   */
  private deliver(message: number, target: Target | null, failures: CounterSeries): boolean {
    if (target === null) return false
    const { messages, lineages } = this.world
    const record = messages.copy(message)
    messages.lineage[record] = lineages.after(messages.lineage[message]!, this.owner.index)
    if (target.accept(record) === ACCEPTED) return true
    messages.give(record)
    failures.add(1)
    return false
  }
}
