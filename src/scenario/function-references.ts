/** The nodes that a function names: destinations, calls, subnets. */
import type { Reference } from '../model/entry.ts'
import {
  DEAD_LETTER_TARGETS,
  FAILURE_DESTINATIONS,
  SUCCESS_DESTINATIONS,
} from '../model/invocation/asynchronous/async-destinations.ts'
import { vpcReferences } from '../model/network/schema.ts'
import type { Section } from '../model/world.ts'
import { isRead, targetOfCall } from './schema/calls.ts'
import type { FunctionConfig } from './schema/function.ts'
import { placedCalls } from './schema/handler.ts'

export function functionReferences(config: FunctionConfig): readonly Reference[] {
  return [
    ...destinationReferences(config),
    ...callReferences(config),
    ...vpcReferences(config.vpcConfig),
    ...providerReferences(config),
  ]
}

function providerReferences({ capacityProviderConfig: use }: FunctionConfig): readonly Reference[] {
  if (use === undefined) return []
  const path = ['capacityProviderConfig', 'capacityProvider']
  const role = 'whose instances a function runs on'
  return [{ path, to: use.capacityProvider, sections: ['capacityProviders'], role, sends: false }]
}

/** Where a function's asynchronous events go: its destinations and its dead-letter queue. */
export function destinationReferences({
  eventInvokeConfig,
  deadLetterConfig,
}: Pick<FunctionConfig, 'eventInvokeConfig' | 'deadLetterConfig'>): readonly Reference[] {
  const { onSuccess, onFailure } = eventInvokeConfig.destinationConfig
  const references: Reference[] = []
  const add = (
    path: Reference['path'],
    to: string | undefined,
    sections: readonly Section[],
    role: string,
  ): void => {
    if (to !== undefined) references.push({ path, to, sections, role, sends: true })
  }
  const destinations = ['eventInvokeConfig', 'destinationConfig'] as const
  add([...destinations, 'onSuccess'], onSuccess, SUCCESS_DESTINATIONS, 'a destination for success')
  add([...destinations, 'onFailure'], onFailure, FAILURE_DESTINATIONS, 'a destination for failure')
  add(
    ['deadLetterConfig', 'deadLetterTarget'],
    deadLetterConfig?.deadLetterTarget,
    DEAD_LETTER_TARGETS,
    'a dead-letter target',
  )
  return references
}

function callReferences({ handler }: FunctionConfig): readonly Reference[] {
  const references: Reference[] = []
  for (const { path, call, probability } of placedCalls(handler)) {
    const target = targetOfCall(call)
    if (target === undefined) continue
    references.push({
      path: [...path, target.key],
      to: target.to,
      sections: [target.section],
      role: 'what a handler calls',
      sends: true,
      isAwaited: target.isAwaited,
      // What only reads brings nothing there.
      meanShare: isRead(call) ? 0 : call.count * probability,
    })
  }
  return references
}
