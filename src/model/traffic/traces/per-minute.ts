import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import { countIn, RowError, type TraceDecoder, type TraceFormat, timeIn } from './format.ts'
import { SpreadCounts } from './spread-counts.ts'

const TIME = 'Timestamp [ms]'
const COUNT = 'Invocations'

/** A row's timestamp is the end of its minute; rows of the same minute are added up. */
class PerMinuteDecoder implements TraceDecoder {
  private readonly timeColumn: number
  private readonly countColumn: number
  private readonly arrivals: SpreadCounts
  private ordinal = 0
  /** The minute that later rows may still add to. */
  private endUs = 0
  private count = 0

  constructor(header: readonly string[], stream: number) {
    this.timeColumn = header.indexOf(TIME)
    this.countColumn = header.indexOf(COUNT)
    this.arrivals = new SpreadCounts(stream)
  }

  row(cells: readonly string[]): void {
    const endUs = timeIn(cells, this.timeColumn, TIME, MICROSECONDS_PER_MILLISECOND)
    const count = countIn(cells, this.countColumn, COUNT)
    if (endUs < MICROSECONDS_PER_MINUTE) {
      throw new RowError(`${TIME} is the end of a minute, so at least 60000`)
    }
    if (endUs !== this.endUs) {
      if (endUs < this.endUs + (this.endUs === 0 ? 0 : MICROSECONDS_PER_MINUTE)) {
        throw new RowError(`${TIME} is less than a minute after that of the row before`)
      }
      this.end()
      this.endUs = endUs
    }
    this.count += count
  }

  end(): void {
    const startUs = this.endUs - MICROSECONDS_PER_MINUTE
    if (this.count > 0) {
      this.arrivals.push(this.ordinal, startUs, MICROSECONDS_PER_MINUTE, this.count)
    }
    this.ordinal++
    this.count = 0
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }
}

/**
 * A row per minute with its number of invocations, as OpenDC keeps the Azure traces. Its first row
 * is stamped one minute and its last the trace's length: a stamp is the end of its minute.
 * Source: github.com/atlarge-research/opendc, test resources of opendc-experiments-faas.
 */
export const perMinute: TraceFormat = {
  kind: 'per-minute',
  header: `${TIME},${COUNT},...`,
  matches: (row) => row.includes(TIME) && row.includes(COUNT),
  create: (header, stream) => new PerMinuteDecoder(header, stream),
}
