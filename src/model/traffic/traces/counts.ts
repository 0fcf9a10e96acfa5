import { countIn, RowError, type TraceDecoder, type TraceFormat, timeIn } from './format.ts'
import { SpreadCounts } from './spread-counts.ts'
import { type TimeColumn, timeColumn } from './time-column.ts'

/** A row's time is the start of its period, which lasts until the next row's time. */
class CountsDecoder implements TraceDecoder {
  private readonly time: TimeColumn
  private readonly countColumn: number
  private readonly arrivals: SpreadCounts
  private ordinal = -1
  private startUs = 0
  private lengthUs = 0
  private count = 0

  constructor(header: readonly string[], stream: number) {
    this.time = timeColumn(header)!
    this.countColumn = header.indexOf('count')
    this.arrivals = new SpreadCounts(stream)
  }

  row(cells: readonly string[]): void {
    const startUs = timeIn(cells, this.time.column, this.time.name, this.time.unitUs)
    const count = countIn(cells, this.countColumn, 'count')
    if (this.ordinal >= 0) {
      if (startUs <= this.startUs) {
        throw new RowError(`${this.time.name} must be later than that of the row before`)
      }
      this.lengthUs = startUs - this.startUs
      this.arrivals.push(this.ordinal, this.startUs, this.lengthUs, this.count)
    }
    this.ordinal++
    this.startUs = startUs
    this.count = count
  }

  /** The last period is as long as the one before it. */
  end(): void {
    if (this.lengthUs === 0) {
      throw new RowError('one period alone has no length: add a row where it ends, with count 0')
    }
    this.arrivals.push(this.ordinal, this.startUs, this.lengthUs, this.count)
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }
}

/** Numbers of arrivals in periods of any length. */
export const counts: TraceFormat = {
  kind: 'counts',
  header: 'time_s,count',
  matches: (row) => timeColumn(row) !== null && row.includes('count'),
  create: (header, stream) => new CountsDecoder(header, stream),
}
