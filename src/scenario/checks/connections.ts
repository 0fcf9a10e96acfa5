/** Traffic that opens connections, and what messages need. */
import type { DoorConfig } from '../../model/doors/protocol.ts'
import { protocolOf } from '../../model/doors/protocols.ts'
import { CONNECTION_ROUTES } from '../../model/doors/route-table.ts'
import type { NodeName } from '../../model/node-names.ts'
import { arrivalProcess } from '../../model/traffic/index.ts'
import type { Problem } from '../diagnostics.ts'
import { routesOf } from '../door-routes.ts'
import type { PartialScenario } from '../validate.ts'

type Producer = NonNullable<ReturnType<PartialScenario['traffic']['get']>>

export function faultsOfConnection(
  partial: PartialScenario,
  producerName: string,
  { connection, process, route, to }: Producer,
  { section, name }: NodeName,
): readonly Problem[] {
  const fault = (key: string, message: string): Problem => ({
    path: ['traffic', producerName, key],
    at: 'value',
    message,
  })
  const door = partial.resources.get(section)?.get(name) as DoorConfig | null | undefined
  const isOfConnections =
    section === 'apis' && door != null && protocolOf(door.protocol).hasConnections === true
  if (connection !== undefined && door !== null && !isOfConnections) {
    return [fault('connection', `\`connection\` belongs to a websocket-api, and \`${to}\` is none`)]
  }
  if (!isOfConnections) return []
  const problems: Problem[] = []
  if (connection !== undefined && arrivalProcess(process).isClosedLoop === true) {
    problems.push(fault('process', 'clients that open connections come at a rate: use a rate'))
  }
  const routes = routesOf(partial, name)
  const ofMessages = routes.filter(
    ({ route: { routeKey = '' } }) => !CONNECTION_ROUTES.includes(routeKey),
  )
  const sends = connection === undefined || connection.messageInterval !== undefined
  if (sends && routes.length > 0 && ofMessages.length === 0) {
    const what = `${name} has no route for messages: give a function an event with the routeKey $default`
    problems.push(fault(connection === undefined ? 'to' : 'connection', what))
  }
  const named = routes.find(
    (candidate) => route === candidate.eventName || route === candidate.name,
  )
  if (named !== undefined && !ofMessages.includes(named)) {
    problems.push(fault('route', `no message takes the route ${named.route.routeKey}`))
  }
  return problems
}
