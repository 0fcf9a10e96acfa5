import type { StagedFile } from './staged-files.ts'

const ROWS_PER_BATCH = 512

/** A CSV file that grows with a run. Rows become lines a batch at a time, which is the fast way. */
export class RowFile<Row> {
  /** Rows of the replications that stay. */
  keptCount = 0
  private readonly file: StagedFile
  private readonly linesOf: (rows: readonly Row[]) => string
  private batch: Row[] = []
  private writtenCount = 0

  constructor(file: StagedFile, linesOf: (rows: readonly Row[]) => string) {
    this.file = file
    this.linesOf = linesOf
  }

  write(rows: readonly Row[]): void {
    for (const row of rows) this.batch.push(row)
    if (this.batch.length >= ROWS_PER_BATCH) this.flush()
  }

  /** Keeps what the replication wrote, or takes it back. */
  endReplication(isKept: boolean): void {
    this.flush()
    if (isKept) {
      this.file.keep()
      this.keptCount = this.writtenCount
    } else {
      this.file.takeBack()
      this.writtenCount = this.keptCount
    }
  }

  private flush(): void {
    this.file.write(this.linesOf(this.batch))
    this.writtenCount += this.batch.length
    this.batch = []
  }
}
