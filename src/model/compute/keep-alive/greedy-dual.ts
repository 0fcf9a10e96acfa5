/**
 * A keep-alive policy of research: environments stay as long as there is memory, and when there is
 * not, the idle one goes that is cheapest to have again. Source: Fuerst and Sharma, "FaasCache:
 * Keeping Serverless Computing Alive with Greedy-Dual Caching", ASPLOS 2021. What is busy is never
 * evicted; where all is busy the memory is exceeded instead of refusing the request.
 */
import { z } from 'zod'
import { size } from '../../units.ts'
import type { KeepAliveEntry } from './entry.ts'
import type { EnvironmentCache, KeepAliveContext, KeepAlivePolicy } from './policy.ts'

interface GreedyDualOptions {
  /** Bytes. */
  readonly memory: number
}

const BYTES_PER_MB = 1_048_576

interface Candidate {
  readonly priority: number
  readonly environment: number
  readonly idleSinceUs: number
}

/** Whether an environment has been idle since then. */
type IsIdle = (environment: number, sinceUs: number) => boolean

/** The memory that all functions of this policy share. */
class GreedyDualMemory {
  usedMb = 0
  private readonly capacityMb: number
  /** The priority of the last victim: what has not been used since then is old. */
  private clock = 0
  /** A binary heap, the lowest priority first; what is idle no more is skipped when it comes up. */
  private heap: Candidate[] = []
  private live = 0

  constructor(capacityMb: number) {
    this.capacityMb = capacityMb
  }

  get isExceeded(): boolean {
    return this.usedMb > this.capacityMb
  }

  add(environment: number, idleSinceUs: number, worth: number): void {
    this.heap.push({ priority: this.clock + worth, environment, idleSinceUs })
    this.rise(this.heap.length - 1)
  }

  victim(isIdle: IsIdle): number {
    for (;;) {
      const lowest = this.pop()
      if (lowest === undefined) return -1
      if (!isIdle(lowest.environment, lowest.idleSinceUs)) continue
      this.clock = lowest.priority
      return lowest.environment
    }
  }

  /** Forgets what is idle no more before it outgrows what is. */
  tidy(isIdle: IsIdle): void {
    if (this.heap.length < 2 * this.live + 64) return
    const kept = this.heap.filter(({ environment, idleSinceUs }) =>
      isIdle(environment, idleSinceUs),
    )
    // A sorted array is a heap.
    this.heap = kept.sort((one, other) => one.priority - other.priority)
    this.live = kept.length
  }

  private pop(): Candidate | undefined {
    const [first] = this.heap
    const last = this.heap.pop()
    if (first === undefined || last === undefined || this.heap.length === 0) return first
    this.heap[0] = last
    this.sink()
    return first
  }

  private rise(start: number): void {
    for (let at = start; at > 0; ) {
      const parent = (at - 1) >> 1
      if (this.heap[parent]!.priority <= this.heap[at]!.priority) return
      this.swap(parent, at)
      at = parent
    }
  }

  private sink(): void {
    for (let at = 0; ; ) {
      let child = 2 * at + 1
      if (child >= this.heap.length) return
      const right = this.heap[child + 1]
      if (right !== undefined && right.priority < this.heap[child]!.priority) child++
      if (this.heap[at]!.priority <= this.heap[child]!.priority) return
      this.swap(at, child)
      at = child
    }
  }

  private swap(one: number, other: number): void {
    const held = this.heap[one]!
    this.heap[one] = this.heap[other]!
    this.heap[other] = held
  }
}

/** One function's share in it. */
class GreedyDual implements KeepAlivePolicy, EnvironmentCache {
  readonly cache = this
  private readonly memory: GreedyDualMemory
  private readonly memoryMb: number
  private readonly coldStartUs: number
  private uses = 0

  constructor(memory: GreedyDualMemory, { memoryMb, coldStartUs }: KeepAliveContext) {
    this.memory = memory
    this.memoryMb = memoryMb
    this.coldStartUs = coldStartUs
  }

  admit() {
    return {
      idleTimeoutUs: Number.POSITIVE_INFINITY,
      lifetimeUs: Number.POSITIVE_INFINITY,
      replacedAhead: false,
    }
  }

  get isExceeded(): boolean {
    return this.memory.isExceeded
  }

  created(): void {
    this.memory.usedMb += this.memoryMb
  }

  retired(): void {
    this.memory.usedMb -= this.memoryMb
  }

  /** Worth is frequency times the cost of a cold start, for each MB that it takes. */
  becameIdle(environment: number, nowUs: number, isIdle: IsIdle): void {
    this.uses++
    this.memory.add(environment, nowUs, (this.uses * this.coldStartUs) / this.memoryMb)
    this.memory.tidy(isIdle)
  }

  victim(isIdle: IsIdle): number {
    return this.memory.victim(isIdle)
  }
}

export const greedyDual: KeepAliveEntry<GreedyDualOptions> = {
  kind: 'greedy-dual',
  summary:
    'Keeps environments while there is memory; then the idle one goes that is cheapest to have again (FaasCache, 2021).',
  schema: z.strictObject({
    policy: z.literal('greedy-dual'),
    memory: size.meta({
      description:
        'The memory for environments; functions that state the same amount share it: 16GB.',
    }),
  }),
  describe: ({ memory }) =>
    `idle environments are kept while there is room in ${memory / BYTES_PER_MB} MB that the functions of this policy share, those that are used most and cost most for their size before others`,
  create: ({ memory }, context) => {
    const shared = context.shared(`greedy-dual ${memory}`, () => {
      return new GreedyDualMemory(memory / BYTES_PER_MB)
    })
    return new GreedyDual(shared as GreedyDualMemory, context)
  },
}
