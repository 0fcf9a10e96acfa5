import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import {
  numberIn,
  quoted,
  RowError,
  type TraceDecoder,
  type TraceFormat,
  timeIn,
} from './format.ts'
import { dateUs } from './iso-date.ts'
import { SortedTimes } from './sorted-times.ts'
import { type TimeColumn, timeColumn } from './time-column.ts'

const HEADERLESS: TimeColumn = { column: 0, name: 'the time', unitUs: MICROSECONDS_PER_SECOND }
const TIMESTAMP = 'timestamp'
/** Times since the trace's start. */
class TimesDecoder implements TraceDecoder {
  private readonly time: TimeColumn
  private readonly arrivals = new SortedTimes()

  constructor(time: TimeColumn) {
    this.time = time
  }

  row(cells: readonly string[]): void {
    this.arrivals.push(timeIn(cells, this.time.column, this.time.name, this.time.unitUs))
  }

  end(): void {
    this.arrivals.end()
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }
}

/** Dates: time 0 is the first row's. */
class TimestampsDecoder implements TraceDecoder {
  private readonly column: number
  private readonly arrivals = new SortedTimes()
  private startUs: number | null = null

  constructor(header: readonly string[]) {
    this.column = header.indexOf(TIMESTAMP)
  }

  row(cells: readonly string[]): void {
    const cell = cells[this.column]?.trim() ?? ''
    const atUs = dateUs(cell) ?? this.epochSeconds(cells, cell)
    if (Number.isNaN(atUs)) throw new RowError(`${TIMESTAMP} ${quoted(cell)} is not a date`)
    this.startUs ??= atUs
    if (atUs < this.startUs) {
      throw new RowError(`${TIMESTAMP} ${quoted(cell)} is earlier than the first row's`)
    }
    this.arrivals.push(atUs - this.startUs)
  }

  end(): void {
    this.arrivals.end()
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }

  private epochSeconds(cells: readonly string[], cell: string): number {
    if (/[:T-]/.test(cell)) {
      throw new RowError(
        `${TIMESTAMP} ${quoted(cell)} is neither seconds nor a date with its zone, such as 2026-03-02T08:00:00Z`,
      )
    }
    return numberIn(cells, this.column, TIMESTAMP) * MICROSECONDS_PER_SECOND
  }
}

function isNumber(cell: string | undefined): boolean {
  return cell !== undefined && cell.trim() !== '' && Number.isFinite(Number(cell))
}

function isHeaderless(row: readonly string[]): boolean {
  return row.length === 1 && isNumber(row[0])
}

/**
 * One arrival per row: `time_s` or `time_ms` since the trace's start, or `timestamp` (epoch seconds
 * or ISO 8601; time 0 is the first row's). A file of one column without a header is in seconds.
 */
export const times: TraceFormat = {
  kind: 'times',
  header: 'time_s, time_ms or timestamp, or one column of seconds without a header',
  matches: (row) => isHeaderless(row) || row.includes(TIMESTAMP) || timeColumn(row) !== null,
  isHeaderless,
  create(header) {
    if (isHeaderless(header)) return new TimesDecoder(HEADERLESS)
    const time = timeColumn(header)
    return time === null ? new TimestampsDecoder(header) : new TimesDecoder(time)
  },
}
