/**
 * What a function's handler does with messages: how long it takes for them, and which ones fail.
 * Every draw belongs to the message and its delivery, so that another limit or batch size meets
 * the same messages.
 */
import { hashName } from '../../kernel/generator.ts'
import type { HandlerSettings } from '../compiled-scenario.ts'
import type { Births } from '../messages/births.ts'

export class RecordHandling {
  private readonly settings: HandlerSettings
  private readonly births: Births
  private readonly durationPurpose: number
  private readonly recordPurpose: number
  private readonly failurePurpose: number
  private readonly poisonPurpose: number
  private readonly transientPurpose: number
  private readonly attributePurpose: number
  /** Whether any record may ever fail. */
  readonly mayFail: boolean

  constructor(functionName: string, settings: HandlerSettings, births: Births) {
    this.settings = settings
    this.births = births
    this.durationPurpose = hashName(`${functionName}/duration`)
    this.recordPurpose = hashName(`${functionName}/record-duration`)
    this.failurePurpose = hashName(`${functionName}/failure`)
    this.poisonPurpose = hashName(`${functionName}/poison`)
    this.transientPurpose = hashName(`${functionName}/transient`)
    this.attributePurpose = hashName(`${functionName}/attribute-failure`)
    const { poison, transient, byAttribute } = settings.recordFailures
    this.mayFail = poison > 0 || transient > 0 || byAttribute.length > 0
  }

  /** The part of an invocation that does not depend on how many records it has; `first` keys it. */
  fixedUs(first: number): number {
    return this.settings.duration.sample(this.births.drawForDelivery(first, this.durationPurpose))
  }

  /** What each record adds. */
  recordUs(message: number): number {
    const { recordDuration } = this.settings
    if (recordDuration === null) return 0
    return recordDuration.sample(this.births.drawForDelivery(message, this.recordPurpose))
  }

  /** The failure draw of the invocation that works on `first` (and on what comes with it). */
  failureDraw(first: number): number {
    return this.births.drawForDelivery(first, this.failurePurpose).nextUniform()
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
