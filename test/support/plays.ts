/** Runs of different kinds, whose bytes are compared between engines of JavaScript. */

export interface Play {
  /** Of a file in `scenarios`, without `.yaml`. */
  readonly scenario: string
  /** What it adds to the others. */
  readonly kind: string
  /** Overrides that make it short. */
  readonly set?: readonly string[]
  readonly replications?: number
  /** The files that the scenario names, relative to it. */
  readonly files?: readonly string[]
}

export const PLAYS: readonly Play[] = [
  {
    scenario: 'hello',
    kind: 'three replications, with intervals',
    replications: 3,
  },
  {
    scenario: 'flash-sale',
    kind: 'lognormal durations and inits, ramps, throttles by the scaling rate',
    set: ['duration=3m', 'traffic.shoppers.stages.0.for=30s'],
  },
  {
    scenario: 'sqs-partial-failures',
    kind: 'a queue with its poller, failing records, redrive',
    set: ['duration=10m'],
  },
  {
    scenario: 'kinesis-hot-shard',
    kind: 'a stream with keys on shards, refused records',
    set: ['duration=1m'],
  },
  {
    scenario: 'async-retry-destination',
    kind: 'asynchronous events with retries and a destination',
    set: ['duration=20m'],
  },
  {
    scenario: 'azure-trace-replay',
    kind: 'a trace from a file, empirical durations',
    files: ['traces/azure-2021-sample-200.csv'],
  },
  {
    scenario: 'retry-storm',
    kind: 'callers that retry with back-off and jitter',
    set: ['duration=4m', 'account.region=us-east-1'],
  },
  {
    scenario: 'dynamodb-hot-partition',
    kind: 'a table with its capacity, calls that are tried again',
    set: ['duration=3m'],
  },
  {
    scenario: 'nat-port-exhaustion',
    kind: 'a network with ports and round trips',
    set: ['duration=4m'],
  },
  {
    scenario: 'api-gateway-burst',
    kind: 'a front door',
    set: ['duration=1m', 'account.region=us-east-1'],
  },
  {
    scenario: 'auto-scaling-too-slow',
    kind: 'provisioned concurrency by target tracking',
    set: ['duration=15m'],
  },
  {
    scenario: 'order-saga',
    kind: 'a state machine from its own file',
    set: ['duration=2m'],
    files: ['workflows/order-saga.asl.json'],
  },
  {
    scenario: 'managed-instances-doubling',
    kind: 'functions on managed instances',
    set: ['duration=28m'],
  },
]

/** The play as words of the command line that write into `directory`. */
export function wordsOf(play: Play, scenarioPath: string, directory: string): string[] {
  return [
    'run',
    scenarioPath,
    ...(play.set ?? []).flatMap((override) => ['--set', override]),
    '--replications',
    String(play.replications ?? 1),
    '--out',
    directory,
  ]
}

/** What a run writes. */
export const OUTPUT_FILES = [
  'metrics.csv',
  'summary.csv',
  'ledger.csv',
  'cost.csv',
  'run.json',
] as const

export type Outputs = Readonly<Record<(typeof OUTPUT_FILES)[number], string>>
