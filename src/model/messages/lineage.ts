/**
 * Which functions' invocations led to a message. Lambda cuts a chain of events in which one
 * function has been invoked about 16 times (Lambda developer guide, "Use Lambda recursive loop
 * detection to prevent infinite loops"), so what is told apart is how often each function took
 * part, up to that number. There are few such lineages in a run, however many messages. Chains are
 * followed through queues, topics, buckets and functions; a bus or a stream begins a new one.
 */
import type { LambdaFunction } from '../compute/lambda-function.ts'
import { type PlatformMonth, RECURSION_DETECTED_SINCE } from '../compute/platform-timeline.ts'

/** From here on it does not matter how often. */
export const MOST_INVOCATIONS_IN_CHAIN = 16

/** Of a function that has cut the chain. */
const CUT = MOST_INVOCATIONS_IN_CHAIN + 1

/** Nobody's: it came from outside. */
export const NO_LINEAGE = 0

/** As many functions as a key has room for. */
const FUNCTIONS = 65_536

export class Lineages {
  /** By lineage: how often each function, by index, took part. */
  private readonly counts: ReadonlyMap<number, number>[] = [new Map()]
  private readonly byCounts = new Map<string, number>()
  private readonly successors = new Map<number, number>()
  private readonly functions: readonly Pick<LambdaFunction, 'settings'>[]
  private readonly isDetected: boolean

  constructor(functions: readonly Pick<LambdaFunction, 'settings'>[], platform: PlatformMonth) {
    this.functions = functions
    this.isDetected = platform >= RECURSION_DETECTED_SINCE
  }

  /** The lineage of what an invocation of this function sends while it works on `lineage`. */
  after(lineage: number, functionIndex: number): number {
    const key = lineage * FUNCTIONS + functionIndex
    const known = this.successors.get(key)
    if (known !== undefined) return known
    const count = this.countOf(functionIndex, lineage)
    const next = count === CUT ? CUT : Math.min(MOST_INVOCATIONS_IN_CHAIN, count + 1)
    const successor = this.find(lineage, functionIndex, next)
    this.successors.set(key, successor)
    return successor
  }

  /** How often the function was invoked on the way here, at most MOST_INVOCATIONS_IN_CHAIN. */
  invocationsOf(functionIndex: number, lineage: number): number {
    return Math.min(MOST_INVOCATIONS_IN_CHAIN, this.countOf(functionIndex, lineage))
  }

  /** Whether Lambda refuses to invoke the function with what has this lineage. */
  isCut(lineage: number, functionIndex: number): boolean {
    if (lineage === NO_LINEAGE || !this.isDetected) return false
    if (this.invocationsOf(functionIndex, lineage) < MOST_INVOCATIONS_IN_CHAIN) return false
    return this.functions[functionIndex]!.settings.cutsRecursion
  }

  /** The lineage of what tells others that this function has cut the chain. */
  afterCut(lineage: number, functionIndex: number): number {
    return this.find(lineage, functionIndex, CUT)
  }

  /** Whether this function has cut the chain before. */
  wasCut(lineage: number, functionIndex: number): boolean {
    return this.countOf(functionIndex, lineage) === CUT
  }

  private countOf(functionIndex: number, lineage: number): number {
    // Nearly all that is asked about comes from outside.
    return lineage === NO_LINEAGE ? 0 : (this.counts[lineage]!.get(functionIndex) ?? 0)
  }

  private find(lineage: number, functionIndex: number, count: number): number {
    const counts = new Map(this.counts[lineage])
    counts.set(functionIndex, count)
    const text = JSON.stringify([...counts].sort(([one], [other]) => one - other))
    const known = this.byCounts.get(text)
    if (known !== undefined) return known
    const created = this.counts.push(counts) - 1
    this.byCounts.set(text, created)
    return created
  }
}
