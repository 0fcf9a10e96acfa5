/** What is metered: an entry says what its entity is charged for, and reads its counters at the end. */
import type { Assumption } from '../compiled-scenario.ts'
import type { Scope } from '../metrics/catalogue-entry.ts'
import type { ProductId } from './products.ts'

/** One reason to pay: a product and how much of it. What an entry's `bill` lists. */
export interface Charge<Subject = never> {
  readonly product: ProductId
  /** A whole number of what `amountsPerUnit` of the product counts, over the whole run. */
  amount(subject: Subject, run: BilledRun): number
  /** A whole number that each amount counts for, such as MB of memory; left out: 1. */
  readonly times?: number
  /** Of something with a name of its own on the bill, at the price of the product. */
  readonly line?: ChargeLine
  /** What the amount rests on where nobody documents it; told wherever it is billed. */
  readonly assumption?: Assumption
}

/** What is billed by the clock needs to know. */
export interface BilledRun {
  /** From the start to the end, draining included. */
  readonly lengthUs: number
}

/** What somebody used of a product in a run: plain numbers, so that they may travel. */
export interface Usage {
  readonly scope: Scope
  readonly name: string
  readonly product: ProductId
  readonly amount: number
  readonly times: number
  readonly line?: ChargeLine
}

export interface ChargeLine {
  readonly item: string
  /** As of a product: charged by the clock, whatever the traffic. */
  readonly isStanding: boolean
}

/** Reads the meters of one entity: in the order of its charges, nothing where nothing was used. */
export function usageOf<Subject>(
  place: { readonly scope: Scope; readonly name: string },
  charges: readonly Charge<Subject>[],
  subject: Subject,
  run: BilledRun,
): Usage[] {
  return charges.flatMap((charge) => {
    const amount = charge.amount(subject, run)
    const { scope, name } = place
    const { product, times = 1, line } = charge
    if (amount === 0) return []
    return [{ scope, name, product, amount, times, ...(line === undefined ? {} : { line }) }]
  })
}

/** Every started piece of so many bytes is one: 64 KB of a message, 25 KB of a record. */
export function piecesOf(bytes: number, bytesPerPiece: number): number {
  return Math.max(1, Math.ceil(bytes / bytesPerPiece))
}
