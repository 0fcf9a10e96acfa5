/** The event types that put a function behind a front door: one for each protocol. */
import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import type { CheckContext, EventEdge, EventSourceEntry, Fault } from '../entry.ts'
import { nodeName } from '../messages/delivery-schema.ts'
import { Door } from './door.ts'
import type { DoorConfig, DoorProtocol, RouteConfig } from './protocol.ts'
import { PROTOCOLS } from './protocols.ts'

const INTEGRATION = 'Lambda developer guide, "Invoking Lambda with events from other AWS services"'
const MOST_WEIGHT = 1_000_000

export const ROUTES: readonly EventSourceEntry<never>[] = PROTOCOLS.map(routeEntry)

function routeEntry(protocol: DoorProtocol): EventSourceEntry<RouteConfig> {
  return {
    kind: protocol.kind,
    model: 'synchronous',
    summary: protocol.routeSummary,
    schema: z.strictObject({
      api: nodeName('api').meta({
        description: 'The api of this type that the function is behind.',
        source: INTEGRATION,
      }),
      ...protocol.routeKeys,
      weight: z
        .number({ error: 'weight is a number' })
        .positive({ error: 'weight is above 0' })
        .max(MOST_WEIGHT, { error: `weight is at most ${MOST_WEIGHT}` })
        .prefault(1)
        .meta({
          description:
            "How much of the traffic that names the api alone takes this route, in proportion to the other routes' weights.",
          source:
            'how clients spread their requests; not a setting of AWS but for ALB target groups',
        }),
    }),
    references: ({ api, weight }) => [
      {
        path: ['api'],
        to: api,
        sections: ['apis'],
        role: `the api of an event of type ${protocol.kind}`,
        sends: false,
        meanShare: 1,
        weight,
        isAwaited: true,
      },
    ],
    check: (edge, _target, context) => faultsOf(protocol, edge, context),
    create: ({ path, config }, qualifier, world) => ({
      path,
      connect() {
        const door = world.part(`apis.${config.api.replace(/^apis\./, '')}`)
        invariant(door instanceof Door, () => `${config.api} is no front door`)
        door.addRoute(path, qualifier, config)
      },
    }),
  }
}

function faultsOf(
  { kind, isOfOneFunction }: DoorProtocol,
  { path, functionName, config }: EventEdge<RouteConfig>,
  context: CheckContext,
): readonly Fault[] {
  const door = context.configOf(config.api, ['apis']) as DoorConfig | undefined
  if (door !== undefined && door.protocol !== kind) {
    const message = `\`${config.api}\` has the protocol ${door.protocol}: an event of type ${kind} is a route of an api of its own kind`
    return [{ path: ['api'], message }]
  }
  if (!isOfOneFunction) return []
  const owner = context.configOf(functionName, ['functions']) as
    | { readonly events?: Readonly<Record<string, RouteConfig>> }
    | undefined
  const alike = Object.entries(owner?.events ?? {}).filter(
    ([, { type, qualifier }]) => type === kind && qualifier === config.qualifier,
  )
  const first = alike[0]?.[0]
  if (first === undefined || path.endsWith(`.events.${first}`)) return []
  const message = `${functionName} has a ${kind} by the event ${first} already: it may have one for each alias`
  return [{ path: ['type'], message }]
}
