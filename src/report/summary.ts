/**
 * The summary that ends a run: what happened first, then the figures, then what they rest on.
 * It fits a screen of 40 lines and 80 columns, and only words what the result already says.
 */
import type { RunResult } from '../experiment/result.ts'
import { formatDuration } from '../kernel/time.ts'
import type { Block } from './document.ts'
import { count } from './phrase.ts'
import { backlogBlocks } from './summary/backlogs.ts'
import { assumptionBlocks, headroomBlocks, warningBlocks } from './summary/context.ts'
import { costBlocks } from './summary/cost.ts'
import { databaseTableBlocks } from './summary/database-tables.ts'
import { doorBlocks } from './summary/doors.ts'
import { downstreamBlocks } from './summary/downstreams.ts'
import { ResultIndex } from './summary/result-index.ts'
import { callerBlocks, functionBlocks } from './summary/tables.ts'
import { thresholdBlocks } from './summary/thresholds.ts'
import { verdictBlocks } from './summary/verdict.ts'
import { workflowBlocks } from './summary/workflows.ts'

export function summaryBlocks(result: RunResult): Block[] {
  const index = new ResultIndex(result)
  return [
    ...verdictBlocks(result, index),
    ...thresholdBlocks(result.thresholds),
    ...qualification(result),
    ...functionBlocks(index),
    ...doorBlocks(index),
    ...callerBlocks(index),
    ...databaseTableBlocks(index),
    ...downstreamBlocks(index),
    ...workflowBlocks(index),
    ...backlogBlocks(result, index),
    ...headroomBlocks(result.headroom),
    ...costBlocks(result),
    ...assumptionBlocks(result.assumptions),
    ...warningBlocks(result.warnings),
    { kind: 'note', text: footer(result) },
  ]
}

/** What the figures are figures of, where that is not one whole run. */
function qualification(result: RunResult): Block[] {
  const parts: string[] = []
  if (result.warmUpUs > 0) parts.push(`after a warm-up of ${formatDuration(result.warmUpUs)}`)
  if (result.replications > 1) parts.push(`means of ${result.replications} replications`)
  if (parts.length === 0) return []
  return [{ kind: 'note', text: `All figures ${parts.join(', ')}.` }]
}

function footer(result: RunResult): string {
  const drained = drainOf(result)
  return `${result.scenarioName}: ${formatDuration(result.durationUs)}${drained}, seed ${result.seed}, ${count(result.eventCount)} events, fingerprint ${shortFingerprint(result)}`
}

function drainOf({ drainedAfterUs, undrainedAfterUs }: RunResult): string {
  if (undrainedAfterUs !== null) return `, not drained after ${formatDuration(undrainedAfterUs)}`
  return drainedAfterUs === null ? '' : `, drained after ${formatDuration(drainedAfterUs)}`
}

/** Replications have one fingerprint each; the first tells runs apart, run.json has them all. */
function shortFingerprint(result: RunResult): string {
  const [first = '', ...others] = result.fingerprint.split('-')
  return others.length === 0 ? first : `${first} and ${others.length} more`
}
