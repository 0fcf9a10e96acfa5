import { type Messages, NEXT, NONE, OLDER, PREVIOUS, YOUNGER } from './message-store.ts'

/** Which pair of links a list threads its messages on. */
export interface Links {
  readonly next: number
  readonly previous: number
}

/** The place a message is in. */
const BY_PLACE: Links = { next: NEXT, previous: PREVIOUS }

/** Its age. */
export const BY_AGE: Links = { next: YOUNGER, previous: OLDER }

/** A doubly linked list of messages: everything in constant time, nothing allocated. */
export class MessageList {
  head = NONE
  tail = NONE
  length = 0
  private readonly messages: Messages
  private readonly next: number
  private readonly previous: number

  constructor(messages: Messages, { next, previous }: Links = BY_PLACE) {
    this.messages = messages
    this.next = next
    this.previous = previous
  }

  append(message: number): void {
    this.insertAfter(this.tail, message)
  }

  prepend(message: number): void {
    this.insertAfter(NONE, message)
  }

  /** Behind `neighbour`; NONE: at the head. */
  insertAfter(neighbour: number, message: number): void {
    const { next, previous } = this
    const { links } = this.messages
    const following = neighbour === NONE ? this.head : links[4 * neighbour + next]!
    links[4 * message + previous] = neighbour
    links[4 * message + next] = following
    if (neighbour === NONE) this.head = message
    else links[4 * neighbour + next] = message
    if (following === NONE) this.tail = message
    else links[4 * following + previous] = message
    this.length++
  }

  remove(message: number): void {
    const { next, previous } = this
    const { links } = this.messages
    const following = links[4 * message + next]!
    const preceding = links[4 * message + previous]!
    if (preceding === NONE) this.head = following
    else links[4 * preceding + next] = following
    if (following === NONE) this.tail = preceding
    else links[4 * following + previous] = preceding
    this.length--
  }

  /** Takes the first message out; NONE when there is none. */
  shift(): number {
    const { head } = this
    if (head !== NONE) this.remove(head)
    return head
  }

  /** Behind `message`; NONE at the end. */
  after(message: number): number {
    return this.messages.links[4 * message + this.next]!
  }

  /** Before `message`; NONE at the head. */
  before(message: number): number {
    return this.messages.links[4 * message + this.previous]!
  }
}
