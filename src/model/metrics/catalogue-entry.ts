export type Scope =
  | 'account'
  | 'function'
  | 'alias'
  | 'event'
  | 'api'
  | 'traffic'
  | 'queue'
  | 'topic'
  | 'bus'
  | 'stream'
  | 'table'
  | 'bucket'
  | 'downstream'
  | 'network'
  | 'capacityProvider'
  | 'stateMachine'

export type Statistic =
  | 'sum'
  | 'average'
  | 'minimum'
  | 'maximum'
  | 'p50'
  | 'p90'
  | 'p95'
  | 'p99'
  | 'p99.9'
  | 'share'

/** counter: occurrences, summed. gauge: time-weighted level. duration: a sample per occurrence. */
export type MetricKind = 'counter' | 'gauge' | 'duration'

export type DoorColumn =
  | 'requests'
  | 'clientErrors'
  | 'serverErrors'
  | 'latency'
  | 'integrationLatency'

/** One metric of the output, described once for the recorder, the thresholds and the reference page. */
export interface MetricEntry {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly kind: MetricKind
  readonly unit: 'count' | 'ms' | 'bytes' | 'ratio' | 'usd'
  /** Counters only: `share` is this metric divided by the sum of these; absent: no share. */
  readonly shareOf?: readonly string[]
  /** Whose sum is divided, where it is not this metric's own. */
  readonly shareNumerator?: string
  /** Its statistics, where they are not those of its kind. */
  readonly statistics?: readonly Statistic[]
  /** Whether CloudWatch has a metric of this name and meaning; a list: in these scopes. */
  readonly cloudWatch: boolean | readonly Scope[]
  /** Of front doors, whose kinds have names of their own for it: the column of the summary. */
  readonly doorColumn?: DoorColumn
  /** Only in summary.csv, unless every statistic is asked for. */
  readonly summaryOnly?: boolean
  readonly help: string
}
