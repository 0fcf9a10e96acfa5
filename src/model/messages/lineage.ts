/**
 * Which functions' invocations led to a message. Lambda cuts a chain of events in which one
 * function has been invoked about 16 times (Lambda developer guide, "Use Lambda recursive loop
 * detection to prevent infinite loops"), so what is told apart is how often each function took
 * part, up to that number. There are few such lineages in a run, however many messages.
 */

/** From here on it does not matter how often. */
export const MOST_INVOCATIONS_IN_CHAIN = 16

/** Nobody's: it came from outside. */
export const NO_LINEAGE = 0

/** As many functions as a key has room for. */
const FUNCTIONS = 65_536

export class Lineages {
  /** By lineage: how often each function, by index, took part. */
  private readonly counts: ReadonlyMap<number, number>[] = [new Map()]
  private readonly byCounts = new Map<string, number>()
  private readonly successors = new Map<number, number>()

  /** The lineage of what an invocation of this function sends while it works on `lineage`. */
  after(lineage: number, functionIndex: number): number {
    const key = lineage * FUNCTIONS + functionIndex
    const known = this.successors.get(key)
    if (known !== undefined) return known
    const successor = this.find(lineage, functionIndex)
    this.successors.set(key, successor)
    return successor
  }

  /** How often the function was invoked on the way here, at most MOST_INVOCATIONS_IN_CHAIN. */
  invocationsOf(functionIndex: number, lineage: number): number {
    return this.counts[lineage]!.get(functionIndex) ?? 0
  }

  private find(lineage: number, functionIndex: number): number {
    const counts = new Map(this.counts[lineage])
    const count = this.invocationsOf(functionIndex, lineage) + 1
    counts.set(functionIndex, Math.min(count, MOST_INVOCATIONS_IN_CHAIN))
    const text = JSON.stringify([...counts].sort(([one], [other]) => one - other))
    const known = this.byCounts.get(text)
    if (known !== undefined) return known
    const created = this.counts.push(counts) - 1
    this.byCounts.set(text, created)
    return created
  }
}
