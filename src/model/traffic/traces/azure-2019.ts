import { MICROSECONDS_PER_MINUTE } from '../../../kernel/time.ts'
import { countIn, RowError, type TraceDecoder, type TraceFormat } from './format.ts'
import { SpreadCounts } from './spread-counts.ts'

/** Adds the rows up: memory of one number per minute, whatever the number of functions. */
class Azure2019Decoder implements TraceDecoder {
  private readonly columns: number
  /** Column of each minute, from 0. */
  private readonly minuteColumns: readonly number[]
  private readonly totals: Float64Array
  private readonly arrivals: SpreadCounts

  constructor(header: readonly string[], stream: number) {
    this.columns = header.length
    this.minuteColumns = header.flatMap((name, column) => (isMinute(name) ? [column] : []))
    this.totals = new Float64Array(this.minuteColumns.length)
    this.arrivals = new SpreadCounts(stream)
  }

  row(cells: readonly string[]): void {
    if (cells.length !== this.columns) {
      throw new RowError(`${cells.length} columns instead of ${this.columns}`)
    }
    for (let minute = 0; minute < this.totals.length; minute++) {
      const column = this.minuteColumns[minute]!
      this.totals[minute]! += countIn(cells, column, `the count of minute ${minute + 1}`)
    }
  }

  end(): void {
    for (let minute = 0; minute < this.totals.length; minute++) {
      const startUs = minute * MICROSECONDS_PER_MINUTE
      this.arrivals.push(minute, startUs, MICROSECONDS_PER_MINUTE, this.totals[minute]!)
    }
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }
}

function isMinute(name: string): boolean {
  return /^[0-9]+$/.test(name)
}

/**
 * Azure Functions 2019: a row per function, a column per minute of one day. All rows are added up;
 * `select` picks some. Source: M. Shahrad et al., Serverless in the Wild, USENIX ATC '20.
 */
export const azure2019: TraceFormat = {
  kind: 'azure-2019',
  header: 'HashOwner,HashApp,HashFunction,Trigger,1,...,1440',
  matches: (row) =>
    row.includes('HashFunction') &&
    row.includes('1') &&
    row.slice(row.indexOf('1')).every(isInOrder),
  create: (header, stream) => new Azure2019Decoder(header, stream),
}

function isInOrder(name: string, index: number): boolean {
  return name === String(index + 1)
}
