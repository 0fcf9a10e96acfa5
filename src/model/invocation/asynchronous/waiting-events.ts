import { RANK_EXPIRY } from '../../../kernel/order.ts'
import { MessageList } from '../../messages/message-list.ts'
import { ENTERED_US, NONE } from '../../messages/message-store.ts'
import type { World } from '../../world.ts'

/**
 * Events that wait untried, in the order in which they came, which is also that in which they get
 * too old: one timer, for the first of them, is enough.
 */
export class WaitingEvents {
  private readonly list: MessageList
  private readonly world: World
  private readonly maximumAgeUs: number
  private readonly onTooOld: (message: number) => void
  private readonly expires: number
  private isArmed = false

  constructor(world: World, maximumAgeUs: number, onTooOld: (message: number) => void) {
    this.world = world
    this.maximumAgeUs = maximumAgeUs
    this.onTooOld = onTooOld
    this.list = new MessageList(world.messages)
    this.expires = world.addEventKind(() => this.expire())
  }

  get length(): number {
    return this.list.length
  }

  append(message: number): void {
    this.list.append(message)
    this.arm()
  }

  /** Takes the first one out. There must be one. */
  shift(): number {
    return this.list.shift()
  }

  private arm(): void {
    const { head } = this.list
    if (this.isArmed || head === NONE) return
    this.isArmed = true
    this.world.simulator.scheduleLater(this.expiresUs(head), RANK_EXPIRY, this.expires, 0)
  }

  private expire(): void {
    this.isArmed = false
    const { nowUs } = this.world.simulator
    while (this.list.head !== NONE && this.expiresUs(this.list.head) <= nowUs) {
      this.onTooOld(this.list.shift())
    }
    this.arm()
  }

  private expiresUs(message: number): number {
    return this.world.messages.reals[4 * message + ENTERED_US]! + this.maximumAgeUs
  }
}
