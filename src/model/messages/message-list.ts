import type { Messages } from './message-store.ts'
import { NONE } from './message-store.ts'

/** Which pair of links a list threads its messages on. */
export interface Links {
  next(messages: Messages): Int32Array
  previous(messages: Messages): Int32Array
}

/** The place a message is in. */
export const BY_PLACE: Links = {
  next: (messages) => messages.next,
  previous: (messages) => messages.previous,
}

/** Its age. */
export const BY_AGE: Links = {
  next: (messages) => messages.younger,
  previous: (messages) => messages.older,
}

/** A doubly linked list of messages: everything in constant time, nothing allocated. */
export class MessageList {
  head = NONE
  tail = NONE
  length = 0
  private readonly messages: Messages
  private readonly links: Links

  constructor(messages: Messages, links: Links = BY_PLACE) {
    this.messages = messages
    this.links = links
  }

  append(message: number): void {
    this.insertAfter(this.tail, message)
  }

  prepend(message: number): void {
    this.insertAfter(NONE, message)
  }

  /** Behind `neighbour`; NONE: at the head. */
  insertAfter(neighbour: number, message: number): void {
    const next = this.links.next(this.messages)
    const previous = this.links.previous(this.messages)
    const following = neighbour === NONE ? this.head : next[neighbour]!
    previous[message] = neighbour
    next[message] = following
    if (neighbour === NONE) this.head = message
    else next[neighbour] = message
    if (following === NONE) this.tail = message
    else previous[following] = message
    this.length++
  }

  remove(message: number): void {
    const next = this.links.next(this.messages)
    const previous = this.links.previous(this.messages)
    const following = next[message]!
    const preceding = previous[message]!
    if (preceding === NONE) this.head = following
    else next[preceding] = following
    if (following === NONE) this.tail = preceding
    else previous[following] = preceding
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
    return this.links.next(this.messages)[message]!
  }

  /** Before `message`; NONE at the head. */
  before(message: number): number {
    return this.links.previous(this.messages)[message]!
  }
}
