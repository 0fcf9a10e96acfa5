/**
 * A CSV file as rows, a block at a time, so that a file of any size needs the memory of one block.
 * The bytes are cut behind the last complete row and handed to csv-parse, in its build without
 * Node modules: it runs in a page too.
 */
import { CsvError, parse } from 'csv-parse/browser/esm/sync'
import { TraceError } from './format.ts'

const BLOCK_BYTES = 65_536
const LONGEST_ROW_BYTES = 1_048_576
const NEWLINE = 10
const QUOTE = 34
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

interface InfoRecord {
  readonly info: { readonly lines: number }
}

const CSV_OPTIONS = { relax_column_count: true, skip_empty_lines: true } as const

export class RowReader {
  private readonly file: string
  private readonly chunks: AsyncIterator<Uint8Array>
  /** Bytes that are read but not yet parsed; they begin where a row begins. */
  private bytes = new Uint8Array(0)
  private hasEnded = false
  private isBeginChecked = false
  /** The rows handed out last, as bytes, and the line they begin in. */
  private block = new Uint8Array(0)
  private blockLine = 1
  private nextLine = 1

  constructor(file: string, chunks: AsyncIterable<Uint8Array>) {
    this.file = file
    this.chunks = chunks[Symbol.asyncIterator]()
  }

  /** The next rows, at least one; null at the end of the file. */
  async read(): Promise<readonly string[][] | null> {
    for (;;) {
      const complete = endOfRows(this.bytes)
      // The last row may lack its line break.
      const length = complete === 0 && this.hasEnded ? this.bytes.length : complete
      if (length > 0) {
        const rows = this.parseBlock(length)
        if (rows.length > 0) return rows
      } else if (this.hasEnded) {
        return null
      } else {
        await this.readChunk()
      }
    }
  }

  /** The line of a row of the last block, counted from 1. */
  lineOf(index: number): number {
    const records = parse(this.block, { ...CSV_OPTIONS, info: true }) as unknown as InfoRecord[]
    return this.blockLine + (records[index]?.info.lines ?? 1) - 1
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    this.hasEnded = true
    this.bytes = new Uint8Array(0)
    await this.chunks.return?.()
  }

  private async readChunk(): Promise<void> {
    if (this.bytes.length > LONGEST_ROW_BYTES) {
      throw new TraceError(
        `${this.file}:${this.nextLine}: a row of more than ${LONGEST_ROW_BYTES} bytes: this is not a CSV file`,
      )
    }
    const { value, done } = await this.chunks.next()
    if (done === true) {
      this.hasEnded = true
      return
    }
    const joined = new Uint8Array(this.bytes.length + value.length)
    joined.set(this.bytes)
    joined.set(value, this.bytes.length)
    this.bytes = joined
    if (!this.isBeginChecked && joined.length >= BYTE_ORDER_MARK.length) {
      this.isBeginChecked = true
      const isMarked = BYTE_ORDER_MARK.every((byte, index) => joined[index] === byte)
      if (isMarked) this.bytes = joined.subarray(BYTE_ORDER_MARK.length)
    }
  }

  private parseBlock(length: number): string[][] {
    this.block = this.bytes.subarray(0, length)
    this.bytes = this.bytes.subarray(length)
    this.blockLine = this.nextLine
    for (const byte of this.block) if (byte === NEWLINE) this.nextLine++
    try {
      return parse(this.block, CSV_OPTIONS)
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      const line = this.blockLine + Number(error.lines ?? 1) - 1
      throw new TraceError(`${this.file}:${line}: not a CSV row: its quotes do not match`)
    }
  }
}

/**
 * Where the last complete row ends among the first bytes: behind a line break outside quotes.
 * 0 when no row is complete.
 */
function endOfRows(bytes: Uint8Array): number {
  let isQuoted = false
  let end = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (byte === QUOTE) isQuoted = !isQuoted
    else if (byte === NEWLINE && !isQuoted) end = index + 1
    if (index >= BLOCK_BYTES && end > 0) break
  }
  return end
}
