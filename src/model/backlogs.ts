/** How much waited in each part over the run: what tells whether a backlog still grows at its end. */
import type { Hold, Part, Place } from './part.ts'

/** A part's backlog at evenly spaced instants. */
export interface BacklogSamples extends Place {
  readonly places: readonly Place[]
  readonly atUs: readonly number[]
  readonly levels: readonly number[]
  /** What had entered by then. */
  readonly entered: readonly number[]
  /** What held it then. */
  readonly holds: readonly (Hold | null)[]
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
    readonly holds: (Hold | null)[]
  }[]
  private readonly atUs: number[] = []

  constructor(parts: readonly Part[], durationUs: number) {
    this.intervalUs = Math.max(1, Math.floor(durationUs / SAMPLES))
    this.watched = parts.flatMap((part) =>
      part.backlog === undefined ? [] : [{ part, levels: [], entered: [], holds: [] }],
    )
  }

  /** Whether anything can wait at all. */
  get areWatched(): boolean {
    return this.watched.length > 0
  }

  sample(nowUs: number): void {
    this.atUs.push(nowUs)
    for (const { part, levels, entered, holds } of this.watched) {
      const { waiting, total, heldBy } = part.backlog!()
      holds.push(heldBy)
      levels.push(waiting)
      entered.push(total)
    }
  }

  read(): BacklogSamples[] {
    return this.watched.map(({ part, levels, entered, holds }) => {
      const { scope, name, places = [{ scope, name }] } = part.backlog!()
      return { scope, name, places, atUs: this.atUs, levels, entered, holds }
    })
  }
}
