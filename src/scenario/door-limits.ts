/** The rates that front doors hold requests to, for explain: who comes to each of them. */

import { type GatewayQuotas, gatewayQuotas } from '../model/doors/account-limits.ts'
import type { DoorConfig } from '../model/doors/protocol.ts'
import { protocolOf } from '../model/doors/protocols.ts'
import { CONNECTION_ROUTES } from '../model/doors/route-table.ts'
import type { DoorLimit } from '../model/forecast-inputs.ts'
import { routesOf } from './door-routes.ts'
import { type Nodes, nodesOf, resolveProducerTarget } from './nodes.ts'
import type { Scenario } from './schema/scenario.ts'

export function doorLimits(scenario: Scenario): readonly DoorLimit[] {
  const nodes = nodesOf(scenario)
  const doors = [...(nodes.resources.get('apis') ?? new Map())] as readonly [string, DoorConfig][]
  const { region, apiGateway } = scenario.account
  return [
    ...accountLimits(doors, scenario, gatewayQuotas(region, apiGateway)),
    ...doors.flatMap(([name, config]) => [
      ...routeLimits(nodes, name, config),
      ...planLimits(scenario, name, config),
    ]),
  ]
}

function accountLimits(
  doors: readonly (readonly [string, DoorConfig])[],
  scenario: Scenario,
  { requests, connectionsPerSecond }: GatewayQuotas,
): readonly DoorLimit[] {
  const counted = doors.filter(([, { protocol }]) => protocolOf(protocol).countsForAccount === true)
  if (counted.length === 0) return []
  const connecting = Object.entries(scenario.traffic).filter(
    ([, { connection }]) => connection !== undefined,
  )
  const account = { name: 'account' }
  const limits: DoorLimit[] = [
    {
      ...account,
      limit: 'API Gateway requests',
      perSecond: requests.rate,
      sources: counted.map(([name]) => ({ path: `apis.${name}`, share: 1 })),
    },
  ]
  if (connecting.length > 0) {
    limits.push({
      ...account,
      limit: 'new WebSocket connections',
      perSecond: connectionsPerSecond,
      sources: connecting.map(([producer]) => ({ producer })),
    })
  }
  return limits
}

/** By the weights of the routes, whichever of them producers name. */
function routeLimits(nodes: Nodes, name: string, { throttle }: DoorConfig): readonly DoorLimit[] {
  const routes = routesOf(nodes, name).flatMap(({ name: label, route }) => {
    const isOfConnections = CONNECTION_ROUTES.includes(route.routeKey ?? '')
    return isOfConnections ? [] : [{ ...route, label }]
  })
  const whole = routes.reduce((sum, { weight }) => sum + weight, 0)
  const shareOf = (some: readonly { readonly weight: number }[]): number =>
    some.reduce((sum, { weight }) => sum + weight, 0) / whole
  const path = `apis.${name}`
  const limits = routes.flatMap((route): DoorLimit[] =>
    route.throttle === undefined
      ? []
      : [
          {
            name,
            limit: `route ${route.label}`,
            perSecond: route.throttle.rate,
            sources: [{ path, share: shareOf([route]) }],
          },
        ],
  )
  const others = routes.filter((route) => route.throttle === undefined)
  if (throttle === undefined || others.length === 0) return limits
  const sources = [{ path, share: shareOf(others) }]
  return [...limits, { name, limit: 'stage', perSecond: throttle.rate, sources }]
}

function planLimits(
  scenario: Scenario,
  name: string,
  { usagePlan }: DoorConfig,
): readonly DoorLimit[] {
  const rate = usagePlan?.throttle?.rate
  if (rate === undefined) return []
  return Object.entries(scenario.traffic).flatMap(([producer, { to }]): DoorLimit[] => {
    const resolution = resolveProducerTarget(nodesOf(scenario), to)
    if (!resolution.ok || resolution.node.section !== 'apis' || resolution.node.name !== name) {
      return []
    }
    const limit = `usage plan of ${producer}`
    return [{ name, limit, perSecond: rate, sources: [{ producer }] }]
  })
}
