import { BY_AGE, MessageList } from '../../messages/message-list.ts'
import { ENTERED_US, type Messages, NONE } from '../../messages/message-store.ts'

/**
 * The messages of a queue by age. What it is sent comes in order of age; what other queues
 * dead-letter keeps its age, so each of those has a lane of its own that is almost in order.
 */
export class Ages {
  private readonly messages: Messages
  private readonly lanes: MessageList[]

  constructor(messages: Messages) {
    this.messages = messages
    this.lanes = [new MessageList(messages, BY_AGE)]
  }

  /** A lane for the messages of one more source; returns its number. */
  addLane(): number {
    return this.lanes.push(new MessageList(this.messages, BY_AGE)) - 1
  }

  add(message: number, lane: number): void {
    const { reals } = this.messages
    const list = this.lanes[lane]!
    const enteredUs = reals[4 * message + ENTERED_US]!
    let neighbour = list.tail
    while (neighbour !== NONE && reals[4 * neighbour + ENTERED_US]! > enteredUs) {
      neighbour = list.before(neighbour)
    }
    list.insertAfter(neighbour, message)
  }

  remove(message: number, lane: number): void {
    this.lanes[lane]!.remove(message)
  }

  /** The oldest message; NONE when there is none. */
  oldest(): number {
    let oldest = this.lanes[0]!.head
    if (this.lanes.length === 1) return oldest
    const { reals } = this.messages
    for (const { head } of this.lanes) {
      if (head === NONE) continue
      const isOlder =
        oldest === NONE || reals[4 * head + ENTERED_US]! < reals[4 * oldest + ENTERED_US]!
      if (isOlder) oldest = head
    }
    return oldest
  }

  /** The oldest of each source for which `counts`. */
  *oldestOfEach(counts: (message: number) => boolean): Generator<number> {
    for (const lane of this.lanes) {
      let message = lane.head
      while (message !== NONE && !counts(message)) message = lane.after(message)
      if (message !== NONE) yield message
    }
  }
}
