/** The section `apis`: front doors between callers and functions. */
import { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import type { CheckContext, Fault, ResourceEntry } from '../entry.ts'
import { shown } from '../units.ts'
import { Door } from './door.ts'
import { metricsOfDoor } from './door-meter.ts'
import type { DoorConfig } from './protocol.ts'
import { PROTOCOLS, protocolOf } from './protocols.ts'

const schemas = PROTOCOLS.map(({ schema }) => schema)

export const api: ResourceEntry<DoorConfig> = {
  section: 'apis',
  scope: 'api',
  summary:
    'Front doors with their own limits, timeouts and answers; functions and state machines are behind them by events of the same type.',
  schema: z.discriminatedUnion(
    'protocol',
    schemas as unknown as [z.ZodObject<{ protocol: z.ZodLiteral<string> }>],
    {
      error: (issue) => {
        if (issue.code !== 'invalid_union') return undefined
        const { protocol } = issue.input as { readonly protocol?: unknown }
        const known = PROTOCOLS.map(({ kind }) => kind).join(', ')
        return protocol === undefined
          ? `missing required key \`protocol\`: known are ${known}`
          : `${shown(protocol)} is no known protocol: known are ${known}`
      },
    },
  ),
  references: ({ authorizer }) =>
    authorizer === undefined
      ? []
      : [
          {
            path: ['authorizer', 'function'],
            to: authorizer.function,
            sections: ['functions'],
            role: 'an authorizer',
            sends: true,
            isAwaited: true,
            // How many ask again when answers are kept, no mean tells.
            ...(authorizer.authorizerResultTtl === 0 && { meanShare: 1 }),
          },
        ],
  settable: [
    'throttle',
    'throttle.rate',
    'throttle.burst',
    'usagePlan.throttle',
    'usagePlan.throttle.rate',
    'usagePlan.throttle.burst',
  ],
  assumptions: (config) => [
    ...(protocolOf(config.protocol).assumptions?.(config) ?? []),
    ...latencyAssumptions(config),
  ],
  metrics: ({ protocol }) => metricsOfDoor(protocolOf(protocol).metrics),
  bill: ({ protocol }) => protocolOf(protocol).bill ?? [],
  check: (name, config, context) => [
    ...routeFaults(name, config, context),
    ...timeoutFaults(config, context),
  ],
  warnings: (_name, { throttle }) =>
    throttle === undefined || (throttle.rate > 0 && throttle.burst > 0)
      ? []
      : ['its throttle lets nothing through in the long run: all requests are answered 429'],
  create: (name, config, _initial, world) =>
    new Door(name, protocolOf(config.protocol), config, world),
}

function latencyAssumptions({ latency }: DoorConfig): readonly Assumption[] {
  if (latency !== undefined) return []
  return [
    {
      id: 'door-latency',
      statement: 'A front door adds no latency of its own to a request.',
      confidence: 'assumed',
      source: 'typically some milliseconds; `latency` of an api sets it',
      alternatives: ['5ms', '30ms'].map((label) => ({ label, set: { latency: label } })),
    },
  ]
}

function timeoutFaults(config: DoorConfig, context: CheckContext): readonly Fault[] {
  const { integrationTimeout, protocol } = config
  if (integrationTimeout === undefined) return []
  const message = protocolOf(protocol).timeoutFault?.(integrationTimeout, config, context)
  return message === undefined ? [] : [{ path: ['integrationTimeout'], message }]
}

function routeFaults(name: string, { protocol }: DoorConfig, context: CheckContext): Fault[] {
  const { kind, isOfOneFunction } = protocolOf(protocol)
  const paths = context
    .referencesTo('apis', name)
    .flatMap(({ path, sends }) => (sends ? [] : [path.replace(/\.api$/, '')]))
  if (paths.length === 0) {
    const written = `{ type: ${kind}, api: ${name} }`
    const message = `nothing is behind ${name}: give a function an event such as ${written}`
    return [{ path: [], message }]
  }
  if (isOfOneFunction === true && paths.length > 1) {
    const message = `a ${kind} leads to one function, and ${name} has ${paths.join(' and ')}`
    return [{ path: [], message }]
  }
  return []
}
