import { z } from 'zod'
import { invariant } from '../../../kernel/invariant.ts'
import type { EventSourceEntry } from '../../entry.ts'
import {
  EVENTBRIDGE_BACK_OFF,
  type EventBridgeDeliveryConfig,
  eventBridgeDeadLetters,
  eventBridgeDeliveryKeys,
  fifoFaults,
  nodeName,
} from '../../messages/delivery-schema.ts'
import { type FilterSettings, meanShareOf } from '../../messages/filter.ts'
import { filterSchema } from '../../messages/schema.ts'
import { Bus } from '../../resources/bus.ts'
import { functionTarget } from './function-target.ts'

export interface EventBridgeConfig extends EventBridgeDeliveryConfig {
  readonly bus: string
  readonly filter?: FilterSettings | undefined
}

/** A rule of a bus with the function as its only target. */
export const eventbridge: EventSourceEntry<EventBridgeConfig> = {
  kind: 'eventbridge',
  model: 'asynchronous',
  summary:
    'Each event of an EventBridge bus that the filter lets through becomes an asynchronous event of the function.',
  schema: z.strictObject({
    bus: nodeName('bus').prefault('default').meta({
      description: 'The bus, which has to be declared, also where it is the one named default.',
      source: 'AWS SAM developer guide, "EventBridgeRule"',
    }),
    filter: filterSchema.optional(),
    ...eventBridgeDeliveryKeys,
  }),
  references: (config) => [
    {
      path: ['bus'],
      to: config.bus,
      sections: ['buses'],
      role: 'an event source',
      sends: false,
      meanShare: meanShareOf(config.filter),
    },
    ...eventBridgeDeadLetters(config),
  ],
  assumptions: () => [EVENTBRIDGE_BACK_OFF],
  check: ({ config }, _target, context) => fifoFaults(eventBridgeDeadLetters(config), context),
  create: ({ path, config }, qualifier, world) => ({
    path,
    connect() {
      const bus = world.target(config.bus, ['buses'])
      invariant(bus instanceof Bus, () => `${config.bus} is no bus`)
      const target = functionTarget(qualifier, world)
      bus.addRule(path, config.filter, [{ path, target, settings: config }])
    },
  }),
}
