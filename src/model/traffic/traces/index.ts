/** The trace formats. A file is of the first one that knows its header. */
import { azure2019 } from './azure-2019.ts'
import { azure2021 } from './azure-2021.ts'
import { counts } from './counts.ts'
import type { TraceFormat } from './format.ts'
import { perMinute } from './per-minute.ts'
import { times } from './times.ts'

export const TRACE_FORMATS: readonly TraceFormat[] = [
  azure2019,
  azure2021,
  perMinute,
  counts,
  times,
]

export const TRACE_FORMAT_KINDS: readonly string[] = TRACE_FORMATS.map(({ kind }) => kind)
