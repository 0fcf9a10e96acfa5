/**
 * Which functions' invocations led to a message, for Lambda's recursive loop detection.
 * Source: Lambda developer guide, "Use Lambda recursive loop detection to prevent infinite loops":
 * a function that the same chain of requests has invoked about 16 times is not invoked again. It
 * follows chains through queues, topics, buckets and functions, not through buses or streams.
 */
import { grownInt32 } from '../../kernel/slot-pool.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { type PlatformMonth, RECURSION_DETECTED_SINCE } from '../compute/platform-timeline.ts'

/** Of what no invocation has led to. */
export const NO_LINEAGE = 0

/** Invocations of one function that a chain may have. */
export const RECURSION_LIMIT = 16

/**
 * A lineage says how often each function has been invoked on the way to a message. It is a number:
 * equal counts have the same one, however they came about, so that there are as many as there are
 * ways through the scenario and not as there are messages. Counts stop at the limit.
 */
export class Lineages {
  private readonly functions: readonly LambdaFunction[]
  private readonly isDetected: boolean
  private readonly counts: Uint8Array[] = []
  private readonly known = new Map<string, number>()
  /** Of lineage and function: the lineage after one more invocation; 0 while it was never asked. */
  private following = new Int32Array(0)

  /** `functions` may still grow until the first call. */
  constructor(functions: readonly LambdaFunction[], platform: PlatformMonth) {
    this.functions = functions
    this.isDetected = platform >= RECURSION_DETECTED_SINCE
  }

  /** The lineage of what an invocation of this function sends when it works on this lineage. */
  next(lineage: number, functionIndex: number): number {
    if (this.counts.length === 0) this.intern(new Uint8Array(this.functions.length))
    const place = lineage * this.functions.length + functionIndex
    const known = this.following[place]!
    if (known !== NO_LINEAGE) return known
    const counts = this.counts[lineage]!.slice()
    if (counts[functionIndex]! < RECURSION_LIMIT) counts[functionIndex]!++
    const next = this.known.get(counts.join()) ?? this.intern(counts)
    this.following[place] = next
    return next
  }

  /** How often the function has been invoked on the way; from the limit on, the limit. */
  countOf(lineage: number, functionIndex: number): number {
    return lineage === NO_LINEAGE ? 0 : this.counts[lineage]![functionIndex]!
  }

  /** Whether Lambda refuses to invoke this function with what has this lineage. */
  isCut(lineage: number, functionIndex: number): boolean {
    if (!this.isDetected || this.countOf(lineage, functionIndex) < RECURSION_LIMIT) return false
    return this.functions[functionIndex]!.settings.cutsRecursion
  }

  private intern(counts: Uint8Array): number {
    const lineage = this.counts.push(counts) - 1
    this.known.set(counts.join(), lineage)
    const length = this.counts.length * counts.length
    if (this.following.length < length) this.following = grownInt32(this.following, 2 * length)
    return lineage
  }
}
