/** The section `apis`: front doors between callers and functions. */
import { z } from 'zod'
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
    'Front doors with their own limits, timeouts and answers; functions are behind them by events of the same type.',
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
  assumptions: (config) => protocolOf(config.protocol).assumptions(config),
  metrics: ({ protocol }) => metricsOfDoor(protocolOf(protocol).metrics),
  bill: ({ protocol }) => protocolOf(protocol).bill ?? [],
  check: (name, config, context) => faultsOf(name, config, context),
  create: (name, config, _initial, world) =>
    new Door(name, protocolOf(config.protocol), config, world),
}

function faultsOf(name: string, { protocol }: DoorConfig, context: CheckContext): readonly Fault[] {
  const { kind, isOfOneFunction } = protocolOf(protocol)
  const routes = context.referencesTo('apis', name).filter(({ sends }) => !sends)
  const written = `{ type: ${kind}, api: ${name} }`
  if (routes.length === 0) {
    const message = `no function is behind ${name}: give one an event such as ${written}`
    return [{ path: [], message }]
  }
  if (!isOfOneFunction || routes.length === 1) return []
  const list = routes.map(({ path }) => path.replace(/\.api$/, '')).join(' and ')
  return [{ path: [], message: `a ${kind} leads to one function, and ${name} has ${list}` }]
}
