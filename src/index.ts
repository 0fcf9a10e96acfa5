/** The library: what `import { simulate } from 'spillway'` offers, in Node and in a page. */
export type {
  Bill,
  BillLine,
  BillSplit,
  BillTotal,
  Headroom,
  LedgerRow,
  MetricRow,
  RunResult,
  SummaryRow,
  ThresholdVerdict,
  ThrottleRecord,
} from './experiment/result.ts'
export type { RunProgress } from './experiment/run.ts'
export type { SimulateOptions } from './experiment/simulate.ts'
export { ScenarioError, simulate } from './experiment/simulate.ts'
export { VERSION } from './experiment/version.ts'
export type { ScenarioFiles } from './kernel/files.ts'
export type { AttemptRow } from './model/attempt-log.ts'
export type { Alternative, Assumption, Threshold } from './model/compiled-scenario.ts'
export type { Scope, Statistic } from './model/metrics/catalogue-entry.ts'
export type { Diagnostic } from './scenario/diagnostics.ts'
