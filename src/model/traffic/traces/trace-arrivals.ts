import { BlockStream, UNIFORM } from '../../../kernel/block-stream.ts'
import type { Generator } from '../../../kernel/generator.ts'
import type { ArrivalProcess } from '../arrival-process.ts'
import type { TraceReader } from './trace-reader.ts'

const BLOCK_SIZE = 1_024

export interface TraceArrivalsOptions {
  readonly reader: TraceReader
  /** 2: twice as fast. */
  readonly speed: number
  /** Requests per arrival of the trace; what is left of a whole number is a chance. */
  readonly scale: number
  /** Decides about those fractions: one draw per arrival of the trace, whatever `scale`. */
  readonly generator: Generator
  readonly durationUs: number
}

/** Arrivals replayed from a file, which is read on as they are used up. */
export class TraceArrivals implements ArrivalProcess {
  /** Nothing can be said before more of the file has been read. */
  starved = true
  private readonly reader: TraceReader
  private readonly speed: number
  private readonly copies: number
  private readonly chanceOfOneMore: number
  private readonly chances: BlockStream
  private readonly durationUs: number
  private readonly block = new Float64Array(BLOCK_SIZE)
  private count = 0
  private cursor = 0
  /** Times as the trace has them, and how far they are used. */
  private readonly traceTimes = new Float64Array(BLOCK_SIZE)
  private traceCount = 0
  private traceCursor = 0
  /** The arrival being copied. */
  private timeUs = 0
  private copiesLeft = 0
  private isAtEnd = false

  constructor({ reader, speed, scale, generator, durationUs }: TraceArrivalsOptions) {
    this.reader = reader
    this.speed = speed
    this.copies = Math.floor(scale)
    this.chanceOfOneMore = scale - this.copies
    this.chances = new BlockStream(generator, UNIFORM)
    this.durationUs = durationUs
  }

  next(): number {
    if (this.cursor === this.count) return Number.POSITIVE_INFINITY
    const timeUs = this.block[this.cursor++]!
    if (this.cursor === this.count) this.fillBlock()
    return timeUs
  }

  async refill(): Promise<void> {
    if (!this.isAtEnd && !(await this.reader.readRows())) {
      this.isAtEnd = true
      await this.reader.close()
    }
    this.fillBlock()
  }

  private fillBlock(): void {
    const { block, durationUs } = this
    this.cursor = 0
    this.count = 0
    while (this.count < BLOCK_SIZE && this.timeUs < durationUs) {
      if (this.copiesLeft > 0) {
        block[this.count++] = this.timeUs
        this.copiesLeft--
      } else if (!this.enterNext()) {
        break
      }
    }
    if (this.timeUs >= durationUs && !this.isAtEnd) {
      this.isAtEnd = true
      // The rest of the file is not wanted, nor whether letting go of it works.
      this.reader.close().catch(() => undefined)
    }
    this.starved = this.count === 0 && !this.isAtEnd
  }

  /** Moves on to the next arrival of the trace that leaves at least one copy, or ends the run. */
  private enterNext(): boolean {
    do {
      if (this.traceCursor === this.traceCount) {
        this.traceCursor = 0
        this.traceCount = this.reader.take(this.traceTimes)
        if (this.traceCount === 0) return false
      }
      this.timeUs = Math.floor(this.traceTimes[this.traceCursor++]! / this.speed + 0.5)
      this.copiesLeft = this.copies + (this.chances.next() < this.chanceOfOneMore ? 1 : 0)
    } while (this.copiesLeft === 0 && this.timeUs < this.durationUs)
    return true
  }
}
