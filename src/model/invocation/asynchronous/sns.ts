import { z } from 'zod'
import { invariant } from '../../../kernel/invariant.ts'
import type { EventSourceEntry } from '../../entry.ts'
import { deadLetterReferences, fifoFaults, nodeName } from '../../messages/delivery-schema.ts'
import { meanShareOf } from '../../messages/filter.ts'
import { type SubscriptionSettings, subscriptionKeys, Topic } from '../../resources/topic.ts'
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
  references: ({ topic, filter, redrivePolicy }) => [
    {
      path: ['topic'],
      to: topic,
      sections: ['topics'],
      role: 'an event source',
      sends: false,
      meanShare: meanShareOf(filter),
    },
    ...deadLetterReferences(['redrivePolicy', 'deadLetterTarget'], redrivePolicy?.deadLetterTarget),
  ],
  check: ({ config: { redrivePolicy } }, _target, context) =>
    fifoFaults(
      deadLetterReferences(['redrivePolicy', 'deadLetterTarget'], redrivePolicy?.deadLetterTarget),
      context,
    ),
  create: ({ path, config }, qualifier, world) => ({
    path,
    connect() {
      const topic = world.target(config.topic, ['topics'])
      invariant(topic instanceof Topic, () => `${config.topic} is no topic`)
      topic.subscribe(path, functionTarget(qualifier, world), config)
    },
  }),
}
