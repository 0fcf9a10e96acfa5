import { invariant } from '../../../kernel/invariant.ts'
import {
  type EventBridgeConfig,
  eventbridge as eventbridgeOfFunction,
} from '../../invocation/asynchronous/eventbridge.ts'
import {
  EVENTBRIDGE_BACK_OFF,
  eventBridgeDeadLetters,
  fifoFaults,
} from '../../messages/delivery-schema.ts'
import { Bus } from '../../resources/bus.ts'
import type { StartEntry } from './start-entry.ts'

/** A rule of a bus with the state machine as its only target. */
export const eventbridge: StartEntry<EventBridgeConfig> = {
  kind: eventbridgeOfFunction.kind,
  summary: 'Each event of an EventBridge bus that the filter lets through starts an execution.',
  schema: eventbridgeOfFunction.schema,
  references: (config) => eventbridgeOfFunction.references!(config),
  assumptions: () => [EVENTBRIDGE_BACK_OFF],
  check: ({ config }, _machine, context) => fifoFaults(eventBridgeDeadLetters(config), context),
  create: ({ path, config }, target, world) => ({
    path,
    connect() {
      const bus = world.target(config.bus, ['buses'])
      invariant(bus instanceof Bus, () => `${config.bus} is no bus`)
      bus.addRule(path, config.filter, [{ path, target, settings: config }])
    },
  }),
}
