import { hashName } from '../../../kernel/generator.ts'
import type { World } from '../../world.ts'
import { doubledUs } from '../doubling.ts'

/** Attempts with one batch that have draws of their own. */
const ATTEMPTS_PER_RECEIVE = 65_536

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

  /** After it has been refused `throttles` times before, us. */
  waitUs(first: number, throttles: number, baseUs: number, capUs: number): number {
    const boundUs = doubledUs(baseUs, capUs, throttles)
    const { births, messages } = this.world
    const index = messages.receives(first) * ATTEMPTS_PER_RECEIVE + throttles
    return births.drawFor(first, this.purpose, index).nextUniform() * boundUs
  }
}
