/** How much waited in each part over the run: what tells whether a backlog still grows at its end. */
import type { Part, Place } from './part.ts'

/** A part's backlog at evenly spaced instants. */
export interface BacklogSamples extends Place {
  readonly places: readonly Place[]
  readonly atUs: readonly number[]
  readonly levels: readonly number[]
  /** What had entered by then. */
  readonly entered: readonly number[]
}

/** Enough to see a trend, however short the run and long its periods. */
const SAMPLES = 128

export class Backlogs {
  /** From one sample to the next. */
  readonly intervalUs: number
  private readonly watched: {
    readonly part: Part
    readonly levels: number[]
    readonly entered: number[]
  }[]
  private readonly atUs: number[] = []

  constructor(parts: readonly Part[], durationUs: number) {
    this.intervalUs = Math.max(1, Math.floor(durationUs / SAMPLES))
    this.watched = parts.flatMap((part) =>
      part.backlog === undefined ? [] : [{ part, levels: [], entered: [] }],
    )
  }

  /** Whether anything can wait at all. */
  get areWatched(): boolean {
    return this.watched.length > 0
  }

  sample(nowUs: number): void {
    this.atUs.push(nowUs)
    for (const { part, levels, entered } of this.watched) {
      const { waiting, total } = part.backlog!()
      levels.push(waiting)
      entered.push(total)
    }
  }

  read(): BacklogSamples[] {
    return this.watched.map(({ part, levels, entered }) => {
      const { scope, name, places = [{ scope, name }] } = part.backlog!()
      return { scope, name, places, atUs: this.atUs, levels, entered }
    })
  }
}
