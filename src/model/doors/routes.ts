/** The event types that put a function behind a front door: one for each protocol. */
import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import type { CheckContext, EventEdge, EventSourceEntry, Fault, Reference } from '../entry.ts'
import { nodeName } from '../messages/delivery-schema.ts'
import { bareName } from '../node-names.ts'
import type { Section, World } from '../world.ts'
import { Door } from './door.ts'
import { payloadKeys } from './keys.ts'
import type { DoorConfig, DoorProtocol, RouteConfig } from './protocol.ts'
import { PROTOCOLS } from './protocols.ts'
import { CONNECTION_ROUTES } from './route-table.ts'

const INTEGRATION = 'Lambda developer guide, "Invoking Lambda with events from other AWS services"'
const THROTTLE_KEYS = ['throttle', 'throttle.rate', 'throttle.burst']
const MOST_WEIGHT = 1_000_000

export const ROUTES: readonly EventSourceEntry<never>[] = PROTOCOLS.map(routeEntry)

function routeEntry(protocol: DoorProtocol): EventSourceEntry<RouteConfig> {
  return {
    kind: protocol.kind,
    model: 'synchronous',
    summary: protocol.routeSummary,
    schema: routeSchema(protocol),
    references: (config) => [routeReference(protocol, config)],
    settable: protocol.routeKeys.throttle === undefined ? [] : THROTTLE_KEYS,
    check: (edge, _target, context) => [
      ...routeFaults(protocol, edge, context),
      ...secondUrl(protocol, edge, context),
    ],
    create: ({ path, config }, qualifier, world) => ({
      path,
      connect: () => doorOfRoute(config, world).addRoute(path, qualifier, config),
      reconfigure: (changed) =>
        doorOfRoute(config, world).changeRoute(path, changed as RouteConfig),
    }),
  }
}

/** The keys of a route, whatever it leads to. */
export function routeSchema(protocol: DoorProtocol): z.ZodObject<z.ZodRawShape> {
  return z.strictObject({
    api: nodeName('api').meta({
      description: 'The api of this type that leads here.',
      source: INTEGRATION,
    }),
    ...protocol.routeKeys,
    ...payloadKeys,
    weight: z
      .number({ error: 'weight is a number' })
      .positive({ error: 'weight is above 0' })
      .max(MOST_WEIGHT, { error: `weight is at most ${MOST_WEIGHT}` })
      .prefault(1)
      .meta({
        description:
          "How much of the traffic that names the api alone takes this route, in proportion to the other routes' weights.",
        source: 'how clients spread their requests; not a setting of AWS but for ALB target groups',
      }),
  })
}

export function routeReference(
  { kind }: DoorProtocol,
  { api, routeKey, weight }: RouteConfig,
): Reference {
  return {
    path: ['api'],
    to: api,
    sections: ['apis'],
    role: `the api of an event of type ${kind}`,
    sends: false,
    isAwaited: true,
    // No message takes the routes of connections.
    ...(!CONNECTION_ROUTES.includes(routeKey ?? '') && { meanShare: 1, weight }),
  }
}

export function doorOfRoute({ api }: RouteConfig, world: World): Door {
  const door = world.part(`apis.${bareName(api)}`)
  invariant(door instanceof Door, () => `${api} is no front door`)
  return door
}

/** A route as its checks see it: of a function, or of a service. */
type RouteEdge = Pick<EventEdge<RouteConfig>, 'path' | 'config'>

/** What may be wrong with a route, whatever it leads to. */
export function routeFaults(
  protocol: DoorProtocol,
  edge: RouteEdge,
  context: CheckContext,
): readonly Fault[] {
  const { kind } = protocol
  const { config } = edge
  const door = context.configOf(config.api, ['apis']) as DoorConfig | undefined
  if (door === undefined) return []
  if (door.protocol !== kind) {
    const message = `\`${config.api}\` has the protocol ${door.protocol}: an event of type ${kind} is a route of an api of its own kind`
    return [{ path: ['api'], message }]
  }
  const { integrationTimeout } = config
  const message =
    integrationTimeout === undefined
      ? undefined
      : protocol.timeoutFault?.(integrationTimeout, door, context)
  return [
    ...(message === undefined ? [] : [{ path: ['integrationTimeout'], message }]),
    ...secondRoute(protocol, edge, context),
  ]
}

/** Two routes of one api that the same requests would take. */
function secondRoute(
  { routeIdentity }: DoorProtocol,
  { path, config }: RouteEdge,
  context: CheckContext,
): readonly Fault[] {
  const identity = routeIdentity?.(config)
  if (identity === undefined) return []
  const api = bareName(config.api)
  const first = context
    .referencesTo('apis', api)
    .filter(({ sends }) => !sends)
    .map((reference) => reference.path.replace(/\.api$/, ''))
    .find((other) => routeIdentity?.(routeAt(other, context)) === identity)
  if (first === undefined || first === path) return []
  const key = config.path === undefined ? 'routeKey' : 'path'
  const message = `${api} has the route ${identity} already, by ${first}`
  return [{ path: [key], message }]
}

/** The configuration of `functions.FUNCTION.events.NAME`, or of one of another section. */
function routeAt(path: string, context: CheckContext): RouteConfig {
  const [section = '', ownerName = '', , event = ''] = path.split('.')
  const owner = context.configOf(ownerName, [section as Section]) as {
    readonly events: Readonly<Record<string, RouteConfig>>
  }
  return owner.events[event]!
}

/** A function has one URL for each alias. */
function secondUrl(
  { kind, isOfOneFunction }: DoorProtocol,
  { path, functionName, config }: EventEdge<RouteConfig>,
  context: CheckContext,
): readonly Fault[] {
  if (isOfOneFunction !== true) return []
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
