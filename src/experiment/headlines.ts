/**
 * What a run comes to, in a few facts that hold or do not: who was throttled, what was lost, what
 * still grew, what failed. They are read off the result, never off what a report makes of it.
 */
import type { LedgerOutcome } from '../model/metrics/ledger.ts'
import type { LedgerRow, RunResult } from './result.ts'

/** How something ended that was handed over and that nobody processed. */
export const LOST_OUTCOMES = [
  'dropped',
  'expired',
  'deadLettered',
  'deliveredToDestination',
] as const satisfies readonly LedgerOutcome[]

const LOST: ReadonlySet<string> = new Set(LOST_OUTCOMES)

/** Callers have their answer, and need no dead-letter queue. */
export function isLoss({ scope, name, outcome, count }: LedgerRow): boolean {
  return scope !== 'traffic' && count > 0 && LOST.has(outcome) && !isStateMachine({ scope, name })
}

/** Of executions some are stopped, which loses nothing; of the items of a Map some are dropped. */
function isStateMachine({ scope, name }: Pick<LedgerRow, 'scope' | 'name'>): boolean {
  return scope === 'stateMachine' && !name.includes('.')
}

export interface Headline {
  /** `throttled`, `lost`, ... */
  readonly fact: string
  /** Of whom it is true, in order; empty: of nobody. */
  readonly names: readonly string[]
  /** How often, or of how many, mean over replications: attempts, messages, invocations, requests. */
  readonly count: number
}

interface Instance {
  readonly name: string
  readonly count: number
}

interface HeadlineEntry {
  readonly fact: string
  instancesOf(result: RunResult): readonly Instance[]
}

const HEADLINES: readonly HeadlineEntry[] = [
  {
    fact: 'throttled',
    instancesOf: ({ throttles }) =>
      throttles.map(({ functionName, count }) => ({ name: functionName, count })),
  },
  { fact: 'lost', instancesOf: (result) => endedIn(result, isLoss) },
  {
    fact: 'growing',
    instancesOf: ({ backlogs }) =>
      backlogs
        .filter(({ isStable }) => !isStable)
        .map(({ name, waiting }) => ({ name, count: waiting })),
  },
  {
    fact: 'failing',
    instancesOf: ({ summary }) =>
      summary
        .filter(({ scope, metric, statistic }) => {
          return scope === 'function' && metric === 'Errors' && statistic === 'sum'
        })
        .map(({ name, value }) => ({ name, count: value })),
  },
  { fact: 'turned away', instancesOf: (result) => endedIn(result, isTurnedAway) },
]

/** How a request ended that a door, a node or the caller's own patience turned away. */
const TURNED_AWAY: ReadonlySet<string> = new Set<LedgerOutcome>(['rejected', 'timedOut'])

function isTurnedAway({ scope, outcome }: LedgerRow): boolean {
  return scope === 'traffic' && TURNED_AWAY.has(outcome)
}

function endedIn(
  { ledger, replications }: RunResult,
  isMeant: (row: LedgerRow) => boolean,
): readonly Instance[] {
  return ledger.filter(isMeant).map(({ name, count }) => ({ name, count: count / replications }))
}

export function headlinesOf(result: RunResult): readonly Headline[] {
  return HEADLINES.map(({ fact, instancesOf }) => {
    const instances = instancesOf(result).filter(({ count }) => count > 0)
    return {
      fact,
      names: [...new Set(instances.map(({ name }) => name))].sort(),
      count: instances.reduce((sum, { count }) => sum + count, 0),
    }
  })
}
