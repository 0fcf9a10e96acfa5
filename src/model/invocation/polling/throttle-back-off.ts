import { hashName } from '../../../kernel/generator.ts'
import type { Batches } from '../../resources/queue/batches.ts'
import type { World } from '../../world.ts'
import { doubledUs } from '../doubling.ts'

/** Attempts with one batch that have draws of their own. */
const ATTEMPTS_PER_RECEIVE = 65_536

interface BackOffSettings {
  readonly backOffBaseUs: number
  readonly backOffCapUs: number
}

/**
 * How long a throttled batch waits before its next attempt: anywhere up to a bound that doubles
 * (full jitter; assumed). The draw belongs to its first message, its receive and the attempt.
 */
export class ThrottleBackOff {
  private readonly world: World
  private readonly purpose: number

  constructor(world: World, path: string) {
    this.world = world
    this.purpose = hashName(`${path}/back-off`)
  }

  /** The batch has been refused once more; for how long it waits, us. */
  waitUs(
    batches: Batches,
    batch: number,
    { backOffBaseUs, backOffCapUs }: BackOffSettings,
  ): number {
    const first = batches.head[batch]!
    const throttles = batches.throttles[batch]!
    batches.throttles[batch] = throttles + 1
    const boundUs = doubledUs(backOffBaseUs, backOffCapUs, throttles)
    const { births, messages } = this.world
    const index = messages.receives(first) * ATTEMPTS_PER_RECEIVE + throttles
    return births.drawFor(first, this.purpose, index).nextUniform() * boundUs
  }
}
