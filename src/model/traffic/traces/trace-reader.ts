/** From the name of a trace file to arrival times: finds the format, selects rows, places faults. */
import type { ScenarioFiles } from '../../../kernel/files.ts'
import { quoted, RowError, type TraceDecoder, TraceError, type TraceFormat } from './format.ts'
import { TRACE_FORMATS } from './index.ts'
import { RowReader } from './rows.ts'

export interface TraceFile {
  readonly file: string
  /** The format's kind; left out: the header tells. */
  readonly format?: string | undefined
  /** Only rows that have these values in these columns. */
  readonly select?: Readonly<Record<string, string>> | undefined
}

export class TraceReader {
  private readonly trace: TraceFile
  private readonly stream: number
  private readonly rows: RowReader
  private decoder: TraceDecoder | null = null
  /** Column and wanted value, for each column of `select`. */
  private selection: readonly (readonly [number, string])[] = []
  private rowCount = 0
  private selectedCount = 0

  /** `stream` is the hash of the producer's stream name. */
  constructor(trace: TraceFile, files: ScenarioFiles, stream: number) {
    this.trace = trace
    this.stream = stream
    this.rows = new RowReader(trace.file, files.readChunks(trace.file))
  }

  /** Reads the next rows. False at the end of the file. */
  async readRows(): Promise<boolean> {
    const rows = await this.rows.read()
    if (rows === null) {
      this.finish()
      return false
    }
    let first = 0
    if (this.decoder === null) first = this.begin(rows[0]!) ? 0 : 1
    const decoder = this.decoder!
    for (let index = first; index < rows.length; index++) {
      const cells = rows[index]!
      this.rowCount++
      if (!this.isSelected(cells)) continue
      this.selectedCount++
      try {
        decoder.row(cells)
      } catch (error) {
        if (!(error instanceof RowError)) throw error
        throw new TraceError(`${this.trace.file}:${this.rows.lineOf(index)}: ${error.message}`)
      }
    }
    return true
  }

  /** The arrivals of the rows read so far: see ArrivalSource. */
  take(block: Float64Array): number {
    return this.decoder === null ? 0 : this.decoder.take(block)
  }

  close(): Promise<void> {
    return this.rows.close()
  }

  /** Finds the format by the first row; returns whether that row is data already. */
  private begin(firstRow: readonly string[]): boolean {
    const header = firstRow.map((name) => name.trim())
    const format = this.formatOf(header)
    const isHeaderless = format.isHeaderless?.(header) ?? false
    this.selection = Object.entries(this.trace.select ?? {}).map(([name, value]) => {
      const column = isHeaderless ? -1 : header.indexOf(name)
      if (column >= 0) return [column, value] as const
      const known = header.slice(0, 12).join(', ')
      throw new TraceError(
        `${this.trace.file}: select names the column ${quoted(name)}, which is not there` +
          (isHeaderless ? ': the file has no header' : ` (its columns: ${known})`),
      )
    })
    this.decoder = format.create(header, this.stream)
    return isHeaderless
  }

  private formatOf(header: readonly string[]): TraceFormat {
    const { file, format: wanted } = this.trace
    const candidates = TRACE_FORMATS.filter(({ kind }) => wanted === undefined || kind === wanted)
    const format = candidates.find((candidate) => candidate.matches(header))
    if (format !== undefined) return format
    const known = candidates.map(({ kind, header: example }) => `${kind} (${example})`).join('; ')
    const begins = `${file}: its first line ${quoted(header.join(','))} is not the header of`
    throw new TraceError(
      wanted === undefined ? `${begins} a known trace: known are ${known}` : `${begins} ${known}`,
    )
  }

  private isSelected(cells: readonly string[]): boolean {
    for (const [column, value] of this.selection) {
      if (cells[column]?.trim() !== value) return false
    }
    return true
  }

  private finish(): void {
    const { file, select } = this.trace
    if (this.decoder === null) throw new TraceError(`${file}: the trace is empty`)
    if (this.rowCount === 0) throw new TraceError(`${file}: the trace has a header but no rows`)
    if (this.selectedCount === 0) {
      throw new TraceError(`${file}: no row has ${JSON.stringify(select)}, which select asks for`)
    }
    try {
      this.decoder.end()
    } catch (error) {
      if (!(error instanceof RowError)) throw error
      throw new TraceError(`${file}: ${error.message}`)
    }
  }
}
