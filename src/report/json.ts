/** JSON views of a result: complete, versioned, with the names of the result itself. */
import type { Comparison } from '../experiment/compare.ts'
import type { Expectation } from '../experiment/expectation.ts'
import type { Explanation } from '../experiment/explanation.ts'
import type { StateSnapshot } from '../experiment/replication.ts'
import type { Headroom, RunResult, ThresholdVerdict, ThrottleRecord } from '../experiment/result.ts'
import type { Outcome, Sensitivity } from '../experiment/sensitivity.ts'
import { MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { Assumption } from '../model/compiled-scenario.ts'
import type { Diagnostic } from '../scenario/diagnostics.ts'
import { formatDecimal } from './decimal.ts'

/** Rises when a reader of older files would misread newer ones. */
const SCHEMA_VERSION = 1

/** `--format json`: the whole result but the time series, which metrics.csv has. */
export function resultJson(result: RunResult): string {
  const { summary, ledger, bill } = result
  return toJson({ ...facts(result), summary, ledger, cost: bill?.lines ?? [] })
}

/** run.json: what the CSV files do not have. */
export function runJson(result: RunResult): string {
  return toJson(facts(result))
}

/** `compare --format json`, and comparison.json. */
export function comparisonJson(comparison: Comparison): string {
  const { results, ...rest } = comparison
  return toJson({
    schemaVersion: SCHEMA_VERSION,
    ...rest,
    scenarios: results.map(({ name, changes, result }) => ({ name, changes, ...facts(result) })),
  })
}

/** `run --sensitivity --format json`, and sensitivity.json. */
export function sensitivityJson(sensitivity: Sensitivity): string {
  const { asWritten, alternatives, status, ...rest } = sensitivity
  return toJson({
    schemaVersion: SCHEMA_VERSION,
    status,
    ...rest,
    holds: status === 'complete' && alternatives.every(({ changes }) => changes.length === 0),
    asWritten:
      asWritten === null
        ? null
        : { ...facts(asWritten.result), ...outcomeFacts(asWritten.outcome) },
    alternatives: alternatives.map(({ id, label, set, isSameRun, changes, ...outcome }) => {
      return { assumption: id, label, set, isSameRun, changes, ...outcomeFacts(outcome) }
    }),
  })
}

function outcomeFacts({ headlines, thresholds, cheapest }: Outcome) {
  return { headlines, thresholds: thresholds.map(thresholdFacts), cheapest }
}

/** `validate --format json` of a valid scenario. */
export function validJson(expectation: Expectation, warnings: readonly string[]): string {
  return toJson({ valid: true, diagnostics: [], warnings, simulates: expected(expectation) })
}

/** `validate --format json` of an invalid one. */
export function invalidJson(diagnostics: readonly Diagnostic[]): string {
  return toJson({ valid: false, diagnostics })
}

/** `explain --format json`: what `explain` says, with times in the unit of their name. */
export function explanationJson({ expectation, ...explanation }: Explanation): string {
  return toJson({
    schemaVersion: SCHEMA_VERSION,
    ...expected(expectation),
    ...explanation,
    assumptions: explanation.assumptions.map(stated),
  })
}

/** `explain --at --format json`: the state of everything at an instant. */
export function snapshotJson(
  name: string,
  { atUs, account, functions, backlogs }: StateSnapshot,
): string {
  return toJson({
    schemaVersion: SCHEMA_VERSION,
    name,
    atSeconds: seconds(atUs),
    account,
    functions: functions.map(({ throttles, ...state }) => ({
      ...state,
      throttles: throttles.map(throttleFacts),
    })),
    backlogs,
  })
}

function expected({ durationUs, ...expectation }: Expectation) {
  const { name, ...counts } = expectation
  return { name, durationSeconds: seconds(durationUs), ...counts }
}

function facts(result: RunResult) {
  return {
    schemaVersion: SCHEMA_VERSION,
    version: result.version,
    scenario: {
      name: result.scenarioName,
      description: result.description,
      digest: result.scenarioDigest,
    },
    seed: result.seed,
    replications: result.replications,
    fingerprint: result.fingerprint,
    status: result.status,
    simulatedSeconds: seconds(result.simulatedUs),
    durationSeconds: seconds(result.durationUs),
    warmUpSeconds: seconds(result.warmUpUs),
    metricsPeriodSeconds: seconds(result.metricsPeriodUs),
    drainedAfterSeconds: result.drainedAfterUs === null ? null : seconds(result.drainedAfterUs),
    undrainedAfterSeconds:
      result.undrainedAfterUs === null ? null : seconds(result.undrainedAfterUs),
    eventCount: result.eventCount,
    throttles: result.throttles.map(throttleFacts),
    headroom: result.headroom.map(headroomFacts),
    backlogs: result.backlogs,
    bill: billFacts(result),
    breakEvens: result.breakEvens,
    thresholds: result.thresholds.map(thresholdFacts),
    assumptions: result.assumptions.map(stated),
    warnings: result.warnings,
  }
}

function thresholdFacts({ threshold, ...verdict }: ThresholdVerdict) {
  return { threshold: threshold.text, ...verdict }
}

/** What was assumed; what else it might have been only `run --sensitivity` tells. */
function stated({ alternatives: _untold, ...assumption }: Assumption) {
  return assumption
}

/** Money as text: it has more digits than numbers here. */
function billFacts({ bill, unbilled }: RunResult) {
  if (bill === null) return { priceList: null, reason: unbilled }
  const { lines: _inCostCsv, otherwise, ...rest } = bill
  if (otherwise !== null) return { ...rest, otherwise }
  return rest
}

function throttleFacts(record: ThrottleRecord) {
  return {
    function: record.functionName,
    cause: record.cause,
    reason: record.reason,
    count: record.count,
    firstSeconds: seconds(record.firstUs),
    lastSeconds: seconds(record.lastUs),
    peakPeriodCount: record.peakPeriodCount,
    peakPeriodStartSeconds: seconds(record.peakPeriodStartUs),
  }
}

function headroomFacts({ refusals, ...entry }: Headroom) {
  if (refusals === undefined) return entry
  const { count, firstUs, lastUs, setting } = refusals
  const [firstSeconds, lastSeconds] = [seconds(firstUs), seconds(lastUs)]
  return { ...entry, refusals: { count, firstSeconds, lastSeconds, setting } }
}

function seconds(timeUs: number): number {
  return timeUs / MICROSECONDS_PER_SECOND
}

/** Numbers as in the CSV files, so that both say the same. */
function toJson(value: unknown): string {
  const rounded = (_key: string, item: unknown) => {
    // What is unlimited has no number in JSON.
    if (item === Number.POSITIVE_INFINITY) return null
    return typeof item === 'number' ? Number(formatDecimal(item)) : item
  }
  return `${JSON.stringify(value, rounded, 2)}\n`
}
