import { MessageList } from '../../messages/message-list.ts'
import { DUE_US, type Messages, NONE } from '../../messages/message-store.ts'
import { VISIBLE, VISIBLE_AGAIN, type WaitingMessages } from './waiting-messages.ts'

/**
 * A standard queue gives out its messages about in the order they came. Whatever has been received
 * lay before everything that has not, so a message that comes back keeps its place by going before
 * those.
 */
export class StandardOrder implements WaitingMessages {
  private readonly messages: Messages
  private readonly again: MessageList
  private readonly untouched: MessageList

  constructor(messages: Messages) {
    this.messages = messages
    this.again = new MessageList(messages)
    this.untouched = new MessageList(messages)
  }

  get length(): number {
    return this.again.length + this.untouched.length
  }

  next(): number {
    return this.again.head === NONE ? this.untouched.head : this.again.head
  }

  arrive(message: number): void {
    this.messages.reals[4 * message + DUE_US] = VISIBLE
    this.untouched.append(message)
  }

  take(message: number): void {
    this.remove(message)
  }

  endReceive(): void {}

  comeBack(message: number, toBack: boolean): void {
    if (toBack) {
      this.arrive(message)
      return
    }
    this.messages.reals[4 * message + DUE_US] = VISIBLE_AGAIN
    this.again.append(message)
  }

  forget(_message: number): void {}

  remove(message: number): void {
    const isAgain = this.messages.reals[4 * message + DUE_US] === VISIBLE_AGAIN
    if (isAgain) this.again.remove(message)
    else this.untouched.remove(message)
  }
}
