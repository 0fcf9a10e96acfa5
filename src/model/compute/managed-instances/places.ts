/** Which environment serves the next request, where each serves several at once. */
import { grownInt32 } from '../../../kernel/slot-pool.ts'

const NONE = -1

/**
 * Environments by how many requests each of them works on: the least busy one is taken, of several
 * the one that has been so for the longest time. Every operation takes constant time. How Lambda's
 * router chooses is not documented; it goes on to another environment when one is saturated, so
 * whichever it prefers, a request is refused only when all of them are.
 */
export class Places {
  /** Places of one environment. */
  readonly perEnvironment: number
  /** Free places of the environments that take requests. */
  free = 0
  /** By environment: how many requests it works on. */
  private busy = new Int32Array(0)
  /** Neighbours among those that are equally busy; NONE at the ends and for those that take none. */
  private next = new Int32Array(0)
  private previous = new Int32Array(0)
  private isOpen = new Uint8Array(0)
  private readonly heads: Int32Array
  private readonly tails: Int32Array
  /** No open environment is less busy. */
  private least = 0

  constructor(perEnvironment: number) {
    this.perEnvironment = perEnvironment
    this.heads = new Int32Array(perEnvironment + 1).fill(NONE)
    this.tails = new Int32Array(perEnvironment + 1).fill(NONE)
  }

  busyOf(environment: number): number {
    return this.busy[environment]!
  }

  /** It takes requests from now on. */
  open(environment: number): void {
    this.reserve(environment)
    this.busy[environment] = 0
    this.isOpen[environment] = 1
    this.free += this.perEnvironment
    this.link(environment, 0)
    this.least = 0
  }

  /** It takes no more requests, and goes on with those that it works on. */
  shut(environment: number): void {
    if (this.isOpen[environment] === 0) return
    this.isOpen[environment] = 0
    this.free -= this.perEnvironment - this.busy[environment]!
    this.unlink(environment)
  }

  takes(environment: number): boolean {
    return this.isOpen[environment] === 1
  }

  /** A place of the least busy environment; NONE where all are taken. */
  take(): number {
    if (this.free === 0) return NONE
    while (this.heads[this.least] === NONE) this.least++
    const environment = this.heads[this.least]!
    this.unlink(environment)
    this.free--
    this.link(environment, ++this.busy[environment]!)
    return environment
  }

  /** One of its requests is over. */
  give(environment: number): void {
    const isOpen = this.isOpen[environment] === 1
    if (isOpen) this.unlink(environment)
    const busy = --this.busy[environment]!
    if (!isOpen) return
    this.free++
    this.link(environment, busy)
    if (busy < this.least) this.least = busy
  }

  private link(environment: number, busy: number): void {
    const tail = this.tails[busy]!
    this.previous[environment] = tail
    this.next[environment] = NONE
    if (tail === NONE) this.heads[busy] = environment
    else this.next[tail] = environment
    this.tails[busy] = environment
  }

  private unlink(environment: number): void {
    const busy = this.busy[environment]!
    const next = this.next[environment]!
    const previous = this.previous[environment]!
    if (previous === NONE) this.heads[busy] = next
    else this.next[previous] = next
    if (next === NONE) this.tails[busy] = previous
    else this.previous[next] = previous
  }

  private reserve(environment: number): void {
    if (environment < this.busy.length) return
    const capacity = Math.max(16, 2 * environment)
    this.busy = grownInt32(this.busy, capacity)
    this.next = grownInt32(this.next, capacity)
    this.previous = grownInt32(this.previous, capacity)
    const isOpen = new Uint8Array(capacity)
    isOpen.set(this.isOpen)
    this.isOpen = isOpen
  }
}
