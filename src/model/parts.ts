/** All parts of a run by path, in output order: what happens to each happens through here. */
import { invariant } from '../kernel/invariant.ts'
import { FIRST_PART_KIND } from './event-kinds.ts'
import type { Book } from './metrics/ledger.ts'
import type { Part } from './part.ts'

export class Parts {
  books: readonly Book[] = []
  private readonly parts: Part[] = []
  private readonly byPath = new Map<string, Part>()
  private readonly handlers: ((subject: number) => void)[] = []

  add(part: Part): void {
    invariant(!this.byPath.has(part.path), () => `there are two parts ${part.path}`)
    this.parts.push(part)
    this.byPath.set(part.path, part)
  }

  at(path: string): Part {
    const part = this.byPath.get(path)
    invariant(part !== undefined, () => `there is no part ${path}`)
    return part
  }

  get all(): readonly Part[] {
    return this.parts
  }

  addEventKind(handle: (subject: number) => void): number {
    return FIRST_PART_KIND + this.handlers.push(handle) - 1
  }

  happen(kind: number, subject: number): void {
    this.handlers[kind - FIRST_PART_KIND]!(subject)
  }

  connect(): void {
    // Connecting one may add others: the asynchronous events of a function that it sends to.
    for (let index = 0; index < this.parts.length; index++) this.parts[index]!.connect?.()
  }

  start(): void {
    for (const part of this.parts) part.start?.()
  }

  /** A draining run begins: what makes its own events (a schedule) makes no more. */
  silence(): void {
    for (const part of this.parts) part.silence?.()
  }

  pending(): number {
    let sum = 0
    for (const part of this.parts) sum += part.pending?.() ?? 0
    return sum
  }

  close(): void {
    this.books = this.parts.flatMap((part) => part.closeBooks?.() ?? [])
  }
}
