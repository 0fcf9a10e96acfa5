/** The file of `--invocations`: a row per attempt. Its columns depend on the scenario's downstreams. */
import { stringify } from 'csv-stringify/browser/esm/sync'
import { MICROSECONDS_PER_MILLISECOND, MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { AttemptRow } from '../model/attempt-log.ts'
import { PartColumns } from '../model/attempts/part-columns.ts'
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import { formatDecimal } from './decimal.ts'

export interface AttemptColumn {
  readonly name: string
  readonly help: string
  readonly read: (row: AttemptRow) => string
}

/** What a row says before the parts of its time ... */
export const IDENTITY_COLUMNS: readonly AttemptColumn[] = [
  {
    name: 'replication',
    help: 'from 0',
    read: (row) => formatDecimal(row.replication),
  },
  {
    name: 'time_s',
    help: 'when the attempt was made',
    read: (row) => formatDecimal(row.arrivedUs / MICROSECONDS_PER_SECOND),
  },
  {
    name: 'traffic',
    help: 'who made it: a producer of traffic, an event source, or FUNCTION.calls',
    read: (row) => row.producer,
  },
  {
    name: 'request',
    help: "which of its producer's requests, from 0; of a batch, its first message",
    read: (row) => formatDecimal(row.request),
  },
  {
    name: 'attempt',
    help: 'its number among the attempts of its request, event or message, from 1',
    read: (row) => formatDecimal(row.attempt),
  },
  {
    name: 'is_last',
    help: 'whether the request is over with it; empty where that is not known (events, messages, calls of handlers)',
    read: (row) => (row.isLast === null ? '' : String(row.isLast)),
  },
  {
    name: 'function',
    help: 'empty where a front door or the client refused it',
    read: (row) => row.functionName,
  },
  { name: 'version', help: 'of the function', read: (row) => row.version },
  {
    name: 'outcome',
    help: "the function's, or that of the execution in its place (`succeeded`, `failed`, `timedOut`, or `inFlight` when the run ended), whoever waited for it; `throttled` by Lambda, `refused` by the front door, `rejected` by its own client",
    read: (row) => row.outcome,
  },
  {
    name: 'reason',
    help: "of a failure, its name in the scenario; of a throttle, Lambda's; of a refusal, HTTP's; of a rejection, the key of what did not let it go",
    read: (row) => row.reason,
  },
  {
    name: 'status',
    help: 'HTTP code that the client got from the front door; empty without one',
    read: (row) => (row.status === null ? '' : formatDecimal(row.status)),
  },
  {
    name: 'given_up_by',
    help: 'who did not wait for the end: `client`, `api` (its integration timeout), `function` (that called it and timed out)',
    read: (row) => row.givenUpBy,
  },
  {
    name: 'start',
    help: '`warm`, `cold`, `provisioned`, `handed-over`; `spilled-` before it where provisioned concurrency did not serve',
    read: (row) => row.start,
  },
  {
    name: 'spillover_reason',
    help: 'why it did not: `busy`, `rate`, `allocating`',
    read: (row) => row.spilloverReason,
  },
  {
    name: 'environment',
    help: "number among the function's environments; -1: none",
    read: (row) => formatDecimal(row.environment),
  },
]

/** ... and after them. */
export const TOTAL_COLUMNS: readonly AttemptColumn[] = [
  {
    name: 'latency_ms',
    help: 'sum of the parts: what was waited for this attempt, the wait before it included',
    read: (row) => milliseconds(row.callerUs),
  },
  {
    name: 'elapsed_ms',
    help: 'sum of `latency_ms` over the attempts of the request so far; at the last one it is the ClientLatency or ClientLatencyFailed of the request; of an event or message its age at the end of the attempt',
    read: (row) => milliseconds(row.elapsedUs),
  },
  {
    name: 'abandoned_ms',
    help: 'how long it went on after whoever waited had given up, until the end of the run at most; not part of the latency',
    read: (row) => milliseconds(row.abandonedUs),
  },
  {
    name: 'duration_ms',
    help: "CloudWatch's Duration of the invocation: its whole handler with its calls, whoever waited; 0 where it did not end",
    read: (row) => milliseconds(row.durationUs + row.callUs),
  },
]

/** The header of one scenario's file. */
export function attemptColumns(scenario: Pick<CompiledScenario, 'parts'>): readonly string[] {
  const parts = new PartColumns(scenario).all.map(({ name }) => `${name}_ms`)
  return [...namesOf(IDENTITY_COLUMNS), ...parts, ...namesOf(TOTAL_COLUMNS)]
}

/** Lines without the header. */
export function attemptCsvLines(rows: readonly AttemptRow[]): string {
  return stringify(
    rows.map((row) => [
      ...IDENTITY_COLUMNS.map(({ read }) => read(row)),
      ...row.parts.map(milliseconds),
      ...TOTAL_COLUMNS.map(({ read }) => read(row)),
    ]),
  )
}

function namesOf(columns: readonly AttemptColumn[]): readonly string[] {
  return columns.map(({ name }) => name)
}

function milliseconds(durationUs: number): string {
  return formatDecimal(durationUs / MICROSECONDS_PER_MILLISECOND)
}
