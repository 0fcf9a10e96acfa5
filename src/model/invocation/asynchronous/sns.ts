import { z } from 'zod'
import { invariant } from '../../../kernel/invariant.ts'
import type { EventSourceEntry } from '../../entry.ts'
import { fifoFaults, nodeName } from '../../messages/delivery-schema.ts'
import { meanShareOf } from '../../messages/filter.ts'
import {
  type SubscriptionSettings,
  subscriptionDeadLetters,
  subscriptionKeys,
  Topic,
} from '../../resources/topic.ts'
import { functionTarget } from './function-target.ts'

interface SnsConfig extends SubscriptionSettings {
  readonly topic: string
}

/** A function that subscribes to a topic. */
export const sns: EventSourceEntry<SnsConfig> = {
  kind: 'sns',
  model: 'asynchronous',
  summary: 'Each message of an SNS topic becomes an asynchronous event of the function.',
  schema: z.strictObject({
    topic: nodeName('topic').meta({
      description: 'The topic that the function subscribes to.',
      source: 'Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications"',
    }),
    ...subscriptionKeys,
  }),
  references: (config) => [
    {
      path: ['topic'],
      to: config.topic,
      sections: ['topics'],
      role: 'an event source',
      sends: false,
      meanShare: meanShareOf(config.filter),
    },
    ...subscriptionDeadLetters(config),
  ],
  check: ({ config }, _target, context) => fifoFaults(subscriptionDeadLetters(config), context),
  create: ({ path, config }, qualifier, world) => ({
    path,
    connect() {
      const topic = world.target(config.topic, ['topics'])
      invariant(topic instanceof Topic, () => `${config.topic} is no topic`)
      topic.subscribe(path, functionTarget(qualifier, world), config)
    },
  }),
}
