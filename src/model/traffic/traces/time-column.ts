import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'

export interface TimeColumn {
  readonly column: number
  readonly name: string
  readonly unitUs: number
}

const UNITS: readonly [name: string, unitUs: number][] = [
  ['time_s', MICROSECONDS_PER_SECOND],
  ['time_ms', MICROSECONDS_PER_MILLISECOND],
]

/** The column that holds times since the trace's start. */
export function timeColumn(header: readonly string[]): TimeColumn | null {
  for (const [name, unitUs] of UNITS) {
    const column = header.indexOf(name)
    if (column >= 0) return { column, name, unitUs }
  }
  return null
}
