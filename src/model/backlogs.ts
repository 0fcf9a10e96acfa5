/** How much waited in each part over the run: what tells whether a backlog still grows at its end. */
import type { Scope } from './metrics/catalogue-entry.ts'
import type { Part } from './part.ts'

/** A part's backlog at evenly spaced instants. */
export interface BacklogSamples {
  readonly scope: Scope
  readonly name: string
  readonly atUs: readonly number[]
  readonly levels: readonly number[]
  /** What had entered by then. */
  readonly entered: readonly number[]
}

/** Enough to see a trend; when there are more, every second one goes. */
const MOST_SAMPLES = 512

export class Backlogs {
  private readonly watched: {
    readonly part: Part
    readonly levels: number[]
    readonly entered: number[]
  }[]
  private atUs: number[] = []
  private stride = 1
  private skipped = 0

  constructor(parts: readonly Part[]) {
    this.watched = parts.flatMap((part) =>
      part.backlog === undefined ? [] : [{ part, levels: [], entered: [] }],
    )
  }

  /** Once a period. */
  sample(nowUs: number): void {
    if (this.watched.length === 0 || ++this.skipped < this.stride) return
    this.skipped = 0
    if (this.atUs.length === MOST_SAMPLES) this.thin()
    this.atUs.push(nowUs)
    for (const { part, levels, entered } of this.watched) {
      const { waiting, total } = part.backlog!()
      levels.push(waiting)
      entered.push(total)
    }
  }

  read(): BacklogSamples[] {
    return this.watched.map(({ part, levels, entered }) => {
      const { scope, name } = part.backlog!()
      return { scope, name, atUs: this.atUs, levels, entered }
    })
  }

  private thin(): void {
    const every = <Value>(values: Value[]): void => {
      const kept = values.filter((_, index) => index % 2 === 1)
      values.splice(0, values.length, ...kept)
    }
    every(this.atUs)
    for (const { levels, entered } of this.watched) {
      every(levels)
      every(entered)
    }
    this.stride *= 2
  }
}
