/**
 * What a trace file holds, and how its rows become arrivals. Trace times are in microseconds since
 * the trace's start, with their fraction; they are rounded once, after `speed`.
 */

/** A trace that cannot be replayed; the message names the file and, where there is one, the line. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
}

/** A fault of one row; the reader adds file and line. */
export class RowError extends Error {
  override readonly name = 'RowError'
}

/** Arrival times in order, made available as rows are read. */
export interface ArrivalSource {
  /**
   * Moves the next times, never decreasing, to the start of `block` and returns how many: 0 when
   * there are none until more rows have been read.
   */
  take(block: Float64Array): number
}

/** Turns the rows of one file into arrivals. */
export interface TraceDecoder extends ArrivalSource {
  /** Throws a RowError for a row that makes no sense. */
  row(cells: readonly string[]): void
  /** The last row has been read. */
  end(): void
}

/** One kind of trace file: one file of this folder and a line in its list. */
export interface TraceFormat {
  /** The value of `format`. */
  readonly kind: string
  /** How its first line looks, for messages. */
  readonly header: string
  /** Whether a file that begins with this row is of this kind. */
  matches(firstRow: readonly string[]): boolean
  /** Whether the first row is an arrival already. */
  isHeaderless?(firstRow: readonly string[]): boolean
  /** `stream` is the hash of the producer's stream name: what is drawn belongs to it. */
  create(header: readonly string[], stream: number): TraceDecoder
}

/** The number in a cell; `what` names the column in the message. */
export function numberIn(cells: readonly string[], column: number, what: string): number {
  const cell = cells[column]
  if (cell === undefined || cell.trim() === '') throw new RowError(`${what} is missing`)
  const value = Number(cell)
  if (!Number.isFinite(value)) throw new RowError(`${what} ${quoted(cell)} is not a number`)
  return value
}

/** A time or duration in a cell, which cannot be negative, in us. */
export function timeIn(
  cells: readonly string[],
  column: number,
  what: string,
  unitUs: number,
): number {
  const value = numberIn(cells, column, what)
  if (value < 0) throw new RowError(`${what} ${value} is negative`)
  return value * unitUs
}

/** A count in a cell: whole and not negative (`3.0` is whole). */
export function countIn(cells: readonly string[], column: number, what: string): number {
  const value = numberIn(cells, column, what)
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RowError(`${what} ${value} is not a count: whole and not negative`)
  }
  return value
}

/** Text from a file, made safe for a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}
