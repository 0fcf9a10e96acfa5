import { SINGLE_ATTEMPTS } from '../model/clients/client-settings.ts'
import { clientSettings, retryOf } from '../model/clients/schema.ts'
import type { TrafficTarget } from '../model/compiled-scenario.ts'
import { connectionSettings } from '../model/doors/connection-schema.ts'
import { routeOf } from './door-routes.ts'
import type { Nodes } from './nodes.ts'
import type { Scenario } from './schema/scenario.ts'

/** What a producer calls whose target is an api. */
export function doorTarget(
  { client, connection, retry, route: written, ...producer }: Scenario['traffic'][string],
  api: string,
  nodes: Nodes,
): TrafficTarget {
  const route = written === undefined ? null : routeOf(nodes, api, written)
  if (route?.ok === false) throw new RangeError(route.message)
  return {
    kind: 'door',
    doorPath: `apis.${api}`,
    routePath: route?.path ?? null,
    connection: connection === undefined ? null : connectionSettings(connection),
    functionIndex: null,
    qualifierIndex: null,
    client: clientSettings(client, retryOf({ ...producer, client, retry })) ?? SINGLE_ATTEMPTS,
  }
}
