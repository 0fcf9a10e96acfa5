/** The quotas that all state machines share, for explain: how much of them each execution takes. */
import type { WorkflowLimit } from '../model/forecast-inputs.ts'
import { definitionOf, type StateMachineConfig } from '../model/workflow/config.ts'
import type { WorkflowQuotas } from '../model/workflow/limits.ts'
import type { Nodes } from './nodes.ts'

export function workflowLimits(
  resources: Nodes['resources'],
  quotas: WorkflowQuotas,
): readonly WorkflowLimit[] {
  const configs = (resources.get('stateMachines') ?? new Map()) as ReadonlyMap<
    string,
    StateMachineConfig
  >
  const machines = [...configs].map(([name, config]) => ({
    path: `stateMachines.${name}`,
    isExpress: config.type === 'EXPRESS',
    transitions: definitionOf(config).meanTransitions,
  }))
  const standard = machines.filter(({ isExpress }) => !isExpress)
  const express = machines.filter(({ isExpress }) => isExpress)
  const once = (some: typeof machines) => some.map(({ path }) => ({ path, share: 1 }))
  const { startStandard, startExpress, stateTransition } = quotas
  const limits: WorkflowLimit[] = [
    {
      limit: 'StartExecution',
      perSecond: startStandard.refillRate,
      counts: 'starts',
      sources: once(standard),
    },
    {
      limit: 'StartExecution of Express',
      perSecond: startExpress.refillRate,
      counts: 'starts',
      sources: once(express),
    },
    {
      limit: 'state transitions',
      perSecond: stateTransition.refillRate,
      counts: 'transitions',
      sources: standard.map(({ path, transitions }) => ({ path, share: transitions })),
    },
  ]
  return limits.filter(({ sources }) => sources.length > 0)
}
