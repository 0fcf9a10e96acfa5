import { MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import { type TraceDecoder, type TraceFormat, timeIn } from './format.ts'
import { SortedTimes } from './sorted-times.ts'

/**
 * Rows are in the order of their ends; the arrival is the end less the duration. What began before
 * the trace did arrives at its start.
 */
class Azure2021Decoder implements TraceDecoder {
  private readonly endColumn: number
  private readonly durationColumn: number
  private readonly arrivals = new SortedTimes()

  constructor(header: readonly string[]) {
    this.endColumn = header.indexOf('end_timestamp')
    this.durationColumn = header.indexOf('duration')
  }

  row(cells: readonly string[]): void {
    const endUs = timeIn(cells, this.endColumn, 'end_timestamp', MICROSECONDS_PER_SECOND)
    const durationUs = timeIn(cells, this.durationColumn, 'duration', MICROSECONDS_PER_SECOND)
    this.arrivals.push(Math.max(0, endUs - durationUs))
  }

  end(): void {
    this.arrivals.end()
  }

  take(block: Float64Array): number {
    return this.arrivals.take(block)
  }
}

/**
 * Azure Functions 2021: a row per invocation, in seconds since the trace's start. Source: Y. Zhang
 * et al., Faster and Cheaper Serverless Computing on Harvested Resources, SOSP '21.
 */
export const azure2021: TraceFormat = {
  kind: 'azure-2021',
  header: 'app,func,end_timestamp,duration',
  matches: (row) => row.includes('end_timestamp') && row.includes('duration'),
  create: (header) => new Azure2021Decoder(header),
}
