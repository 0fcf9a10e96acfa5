/**
 * Routes of API Gateway that start executions: service integrations with Step Functions.
 * Sources: AWS SAM developer guide, "StateMachine", "Api"; Amazon API Gateway developer guide, "Create
 * AWS service integrations for HTTP APIs in API Gateway".
 */
import type { Assumption } from '../../compiled-scenario.ts'
import type { DoorProtocol, RouteConfig } from '../../doors/protocol.ts'
import { PROTOCOLS } from '../../doors/protocols.ts'
import { doorOfRoute, routeFaults, routeReference, routeSchema } from '../../doors/routes.ts'
import {
  isSynchronous,
  NEEDS_EXPRESS,
  START_SOURCE,
  type StartAction,
  startAction,
} from '../actions.ts'
import { ExecutionRoute } from '../execution-route.ts'
import type { StartEntry } from './start-entry.ts'

interface StartRouteConfig extends RouteConfig {
  readonly action: StartAction
}

export const START_ROUTES: readonly StartEntry<never>[] = PROTOCOLS.filter(
  ({ integratesServices }) => integratesServices === true,
).map(routeEntry)

const SERVICE_CODES: Assumption = {
  id: 'execution-codes',
  statement:
    'An API passes on what Step Functions answers: 400 where a start is refused, which its caller takes for a throttle, and 200 with the status FAILED where a synchronous execution fails, which counts as a failed request; after the integration timeout the execution runs on.',
  confidence: 'inferred',
  source:
    'AWS Step Functions API reference, StartSyncExecution, for 200; AWS SAM maps 400 to 400, other mappings may change both',
}

function routeEntry(protocol: DoorProtocol): StartEntry<StartRouteConfig> {
  return {
    kind: protocol.kind,
    summary: `A route of an api of the protocol ${protocol.kind} starts executions.`,
    schema: routeSchema(protocol).extend({
      action: startAction.prefault('StartExecution').meta({
        description:
          'StartExecution: the client is answered when the execution has been started. StartSyncExecution, of EXPRESS workflows: when it has ended, within the integration timeout. An HTTP API calls them StepFunctions-StartExecution and StepFunctions-StartSyncExecution.',
        source: START_SOURCE,
      }),
    }),
    references: (config) => [
      { ...routeReference(protocol, config), isAwaited: isSynchronous(config.action) },
    ],
    assumptions: () => [SERVICE_CODES],
    check: ({ path, config }, { type }, context) => [
      ...routeFaults(protocol, { path, config }, context),
      ...(type === 'STANDARD' && isSynchronous(config.action)
        ? [{ path: ['action'], message: NEEDS_EXPRESS }]
        : []),
    ],
    create: ({ path, config }, machine, world) => ({
      path,
      connect() {
        const door = doorOfRoute(config, world)
        const route = new ExecutionRoute(door, machine, isSynchronous(config.action), world)
        door.addIntegration(path, route, config)
      },
    }),
  }
}
