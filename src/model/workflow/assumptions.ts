/** What AWS does not document and what takes part where a state machine runs. */
import type { Assumption } from '../compiled-scenario.ts'
import { definitionOf, type StateMachineConfig } from './config.ts'
import { startEntry } from './starts/index.ts'

export function assumptionsOf(config: StateMachineConfig): readonly Assumption[] {
  const { nodes, sites } = definitionOf(config).program
  const found: Assumption[] = []
  if (config.transitionLatency === undefined) {
    found.push({
      id: 'transition-latency',
      statement: 'A state transition takes no time, unless it waits for a token.',
      confidence: 'assumed',
      source: '`transitionLatency` of a state machine sets it',
    })
  }
  if (sites.some(({ work, state }) => work.kind === 'send' && !isStated(config, state))) {
    found.push({
      id: 'service-call-time',
      statement: 'Queues, topics, buses and tables answer a task of a state machine at once.',
      confidence: 'assumed',
      source: '`durations` of a state machine sets it',
    })
  }
  const isOver = (site: number) =>
    nodes.some(
      (node) =>
        node.kind === 'task' && node.site === site && node.outcomes.some(({ isNever }) => !isNever),
    )
  if (
    config.serviceDuration === undefined &&
    sites.some(
      ({ work, state }, site) => work.kind === 'stated' && !isStated(config, state) && isOver(site),
    )
  ) {
    found.push({
      id: 'other-actions',
      statement:
        'Actions of simulated services that send nothing, such as reading a table or writing to it in batches, take no time and none of its capacity.',
      confidence: 'assumed',
      source: '`durations` of a state machine sets the time',
    })
  }
  if (nodes.some((node) => node.kind === 'map' && node.distributed !== null)) {
    found.push({
      id: 'child-execution-pace',
      statement:
        'A distributed Map starts its child executions evenly: 1,000 a second of Express, 100 of Standard; they are not counted as executions of the workflow.',
      confidence: 'assumed',
      source:
        'AWS Step Functions developer guide, "Quotas", gives the rates and not how evenly they come',
    })
  }
  if (
    nodes.some(
      (node) => node.kind === 'parallel' && node.retriers.length + node.catchers.length > 0,
    )
  ) {
    found.push({
      id: 'branch-errors',
      statement:
        'A Parallel state fails with the error of the branch that failed first; States.BranchFailed matches it as well.',
      confidence: 'inferred',
      source: 'AWS Step Functions developer guide, "Handling errors in Step Functions workflows"',
    })
  }
  if (sites.some(({ pattern }) => pattern === 'callback')) {
    found.push({
      id: 'heartbeats',
      statement:
        'Who works on a callback or an activity sends heartbeats in time, unless it never answers; heartbeats take no tokens, and who is refused a SendTaskSuccess goes on trying.',
      confidence: 'assumed',
      source: '`results` of a state machine states what never comes',
    })
  }
  for (const start of Object.values(config.events)) {
    for (const assumption of startEntry(start).assumptions?.(start) ?? []) {
      if (!found.some(({ id }) => id === assumption.id)) found.push(assumption)
    }
  }
  return found
}

function isStated(config: StateMachineConfig, state: number): boolean {
  const name = definitionOf(config).program.states[state]!
  return config.durations[name] !== undefined
}
