/**
 * What a function's handler does with messages: how long it takes for them, and which ones fail.
 * Every draw belongs to the message and its delivery, so that another limit or batch size meets
 * the same messages. What an invocation needs goes straight into its slot, because a double that a
 * call returns is allocated wherever the call is not inlined.
 */
import { hashName } from '../../kernel/generator.ts'
import type { HandlerSettings } from '../compiled-scenario.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { DURATION_US, type InvocationStore } from '../invocation/invocation-store.ts'
import type { Births } from '../messages/births.ts'
import type { World } from '../world.ts'

export class RecordHandling {
  private readonly settings: HandlerSettings
  private readonly births: Births
  private readonly store: InvocationStore
  /** A duration on its way out of a distribution. */
  private readonly drawn = new Float64Array(1)
  private readonly durationPurpose: number
  private readonly recordPurpose: number
  private readonly failurePurpose: number
  private readonly poisonPurpose: number
  private readonly transientPurpose: number
  private readonly attributePurpose: number
  /** Whether any record may ever fail. */
  readonly mayFail: boolean

  constructor({ name, settings }: LambdaFunction, { births, invocations }: World) {
    this.settings = settings.handler
    this.births = births
    this.store = invocations.store
    this.durationPurpose = hashName(`${name}/duration`)
    this.recordPurpose = hashName(`${name}/record-duration`)
    this.failurePurpose = hashName(`${name}/failure`)
    this.poisonPurpose = hashName(`${name}/poison`)
    this.transientPurpose = hashName(`${name}/transient`)
    this.attributePurpose = hashName(`${name}/attribute-failure`)
    const { poison, transient, byAttribute } = this.settings.recordFailures
    this.mayFail = poison > 0 || transient > 0 || byAttribute.length > 0
  }

  /** The part of an invocation that does not depend on how many records it has; `first` keys it. */
  writeFixed(slot: number, first: number): void {
    const generator = this.births.drawForDelivery(first, this.durationPurpose)
    this.settings.duration.fill(generator, this.drawn)
    this.store.reals[4 * slot + DURATION_US] = this.drawn[0]!
  }

  /** What each record adds. */
  recordUs(message: number): number {
    const { recordDuration } = this.settings
    if (recordDuration === null) return 0
    const generator = this.births.drawForDelivery(message, this.recordPurpose)
    recordDuration.fill(generator, this.drawn)
    return this.drawn[0]!
  }

  /**
   * The failure draw of the invocation that works on `first` (and on what comes with it); below 0
   * where the handler `fails` on what it was given.
   */
  writeFailureDraw(slot: number, first: number, fails: boolean): void {
    const generator = this.births.drawForDelivery(first, this.failurePurpose)
    this.store.failureDraw[slot] = fails ? -1 : generator.nextUniform()
  }

  /** Whether the handler fails on this message at this delivery: poison, bad luck or an attribute. */
  fails(message: number): boolean {
    if (!this.mayFail) return false
    const { births } = this
    const { poison, transient, byAttribute } = this.settings.recordFailures
    if (poison > 0 && births.drawFor(message, this.poisonPurpose, 0).nextUniform() < poison) {
      return true
    }
    if (
      transient > 0 &&
      births.drawForDelivery(message, this.transientPurpose).nextUniform() < transient
    ) {
      return true
    }
    return byAttribute.some(
      ({ attribute, value, share }) =>
        births.attributeOf(message, attribute) === value &&
        births.drawForDelivery(message, this.attributePurpose).nextUniform() < share,
    )
  }
}
