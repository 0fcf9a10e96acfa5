/**
 * Amazon SNS standard topics: what is published is copied to every subscription.
 * Sources: Amazon SNS developer guide, "Amazon SNS message delivery retries", "Amazon SNS message
 * filtering" and "Monitoring Amazon SNS topics using CloudWatch".
 */
import { z } from 'zod'
import { payloadLimit } from '../compute/platform-timeline.ts'
import type { ConfigPath, Reference, ResourceEntry } from '../entry.ts'
import { Delivery, type DeliveryMeter } from '../messages/delivery.ts'
import {
  DEAD_LETTER_SECTIONS,
  deadLetterReferences,
  fifoFaults,
  nodeName,
  redrivePolicy,
} from '../messages/delivery-schema.ts'
import { Filter, type FilterSettings, meanShareOf } from '../messages/filter.ts'
import { SIZE_BYTES } from '../messages/message-store.ts'
import { SNS_RETRIES } from '../messages/retry-schedule.ts'
import { filterSchema } from '../messages/schema.ts'
import { type Book, Ledger } from '../metrics/ledger.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { Part } from '../part.ts'
import { piecesOf } from '../pricing/charge.ts'
import type { World } from '../world.ts'
import { edgesFrom } from './edges.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target } from './target.ts'

/** What all subscriptions have, those of functions (event type `sns`) included. */
export interface SubscriptionSettings {
  readonly filter?: FilterSettings | undefined
  readonly redrivePolicy?: { readonly deadLetterTarget: string } | undefined
}

interface SubscriptionConfig extends SubscriptionSettings {
  readonly queue?: string | undefined
  readonly function?: string | undefined
}

interface TopicConfig {
  readonly subscriptions: readonly SubscriptionConfig[]
}

/** The dead-letter queue of a subscription; `path` is where its keys stand. */
export function subscriptionDeadLetters(
  { redrivePolicy: policy }: SubscriptionSettings,
  path: ConfigPath = [],
): Reference[] {
  const place = [...path, 'redrivePolicy', 'deadLetterTarget']
  return deadLetterReferences(place, policy?.deadLetterTarget)
}

/** The keys that both ways to subscribe share. */
export const subscriptionKeys = {
  filter: filterSchema.optional(),
  redrivePolicy: redrivePolicy.optional(),
}

const subscription = z
  .strictObject({
    queue: nodeName('a subscription').optional().meta({ description: 'A queue that subscribes.' }),
    function: nodeName('a subscription').optional().meta({
      description: 'A function that subscribes, as with an event of type sns.',
    }),
    ...subscriptionKeys,
  })
  .refine((value) => (value?.queue === undefined) !== (value?.function === undefined), {
    error: 'a subscription names either a queue or a function',
    when: () => true,
  })

const schema = z.strictObject({
  subscriptions: z
    .array(subscription, 'subscriptions is a list such as [{ queue: orders, filter: 80% }]')
    .prefault([])
    .meta({
      description:
        'Who is sent a copy of each message, beside the functions with an event of type sns.',
      source: 'Amazon SNS developer guide, "Creating a subscription to an Amazon SNS topic"',
    }),
})

/** One request for each started 64 KB (aws.amazon.com/sns/pricing). */
const BYTES_PER_REQUEST = 65_536

interface Subscription {
  readonly filter: Filter | null
  readonly delivery: Delivery
}

/**
 * Its book has an entry per message and subscription: `handedOn`, `filtered`, `deadLettered`,
 * `dropped`, or `inFlight` while a delivery waits to be tried again. A message of a topic that has
 * no subscription is one entry, `filtered`: nobody asked for it, which is no failure to AWS either.
 */
export class Topic implements Part, Target, DeliveryMeter {
  readonly scope = 'topic'
  readonly name: string
  readonly path: string
  readonly ledger: Ledger
  readonly attempts = null
  readonly retried = null
  readonly delivered: CounterSeries
  readonly failed: CounterSeries
  deadLettered: CounterSeries | null = null
  deadLetterFailures: CounterSeries | null = null
  /** For what is published; deliveries to functions and queues are free. */
  billedRequests = 0
  private readonly world: World
  private readonly config: TopicConfig
  private readonly maximumBytes: number
  private readonly published: CounterSeries
  private filteredOut: CounterSeries | null = null
  private readonly subscriptions: Subscription[] = []

  constructor(name: string, config: TopicConfig, world: World) {
    const { recorder, settings } = world
    this.name = name
    this.path = `topics.${name}`
    this.config = config
    this.world = world
    this.maximumBytes = payloadLimit('topic', settings.platform)
    this.ledger = new Ledger('topic', name)
    this.published = recorder.counter('topic', name, 'NumberOfMessagesPublished')
    this.delivered = recorder.counter('topic', name, 'NumberOfNotificationsDelivered')
    this.failed = recorder.counter('topic', name, 'NumberOfNotificationsFailed')
  }

  connect(): void {
    for (const [index, settings] of this.config.subscriptions.entries()) {
      const { queue, function: subscriber } = settings
      const target =
        queue === undefined
          ? this.world.target(subscriber!, ['functions'])
          : this.world.target(queue, ['queues'])
      this.subscribe(`${this.path}.subscriptions.${index}`, target, settings)
    }
  }

  /** `path` names the subscription and its draws. */
  subscribe(path: string, target: Target, settings: SubscriptionSettings): void {
    const { world, name } = this
    const { recorder } = world
    let filter: Filter | null = null
    if (settings.filter !== undefined) {
      filter = new Filter(settings.filter, path, world.births)
      this.filteredOut ??= recorder.counter('topic', name, 'NumberOfNotificationsFilteredOut')
    }
    let deadLetterTarget: Target | null = null
    if (settings.redrivePolicy !== undefined) {
      deadLetterTarget = world.target(settings.redrivePolicy.deadLetterTarget, DEAD_LETTER_SECTIONS)
      this.deadLettered ??= recorder.counter('topic', name, 'NumberOfNotificationsRedrivenToDlq')
      this.deadLetterFailures ??= recorder.counter(
        'topic',
        name,
        'NumberOfNotificationsFailedToRedriveToDlq',
      )
    }
    const schedule = SNS_RETRIES
    const delivery = new Delivery({ path, target, deadLetterTarget, schedule, meter: this }, world)
    this.subscriptions.push({ filter, delivery })
  }

  accept(message: number): Acceptance {
    const { messages } = this.world
    if (messages.ints[8 * message + SIZE_BYTES]! > this.maximumBytes) return REJECTED
    this.published.add(1)
    this.billedRequests += piecesOf(messages.ints[8 * message + SIZE_BYTES]!, BYTES_PER_REQUEST)
    if (this.subscriptions.length === 0) this.leaveOut()
    for (const { filter, delivery } of this.subscriptions) {
      if (filter === null || filter.passes(message)) delivery.send(messages.copy(message))
      else {
        this.filteredOut!.add(1)
        this.leaveOut()
      }
    }
    messages.give(message)
    return ACCEPTED
  }

  pending(): number {
    return this.subscriptions.reduce((sum, { delivery }) => sum + delivery.waiting, 0)
  }

  closeBooks(): readonly Book[] {
    this.ledger.close(0, this.pending())
    return [this.ledger]
  }

  private leaveOut(): void {
    this.ledger.entered++
    this.ledger.settle('filtered')
  }
}

export const topic: ResourceEntry<TopicConfig> = {
  section: 'topics',
  scope: 'topic',
  summary:
    'An SNS standard topic: each message goes to every subscription whose filter lets it through.',
  schema,
  references: referencesIn,
  check: (_name, config, context) =>
    fifoFaults(
      referencesIn(config).filter(({ sections }) => sections.includes('queues')),
      context,
    ),
  warnings: (name, { subscriptions }, context) =>
    subscriptions.length > 0 || edgesFrom('topics', name, context) > 0
      ? []
      : ['it has no subscription: nobody takes what is published to it'],
  bill: () => [{ product: 'snsRequests', amount: ({ billedRequests }: Topic) => billedRequests }],
  create: (name, config, _initial, world) => new Topic(name, config, world),
}

function referencesIn({ subscriptions }: TopicConfig): readonly Reference[] {
  return subscriptions.flatMap((settings, index) => referencesOf(index, settings))
}

function referencesOf(index: number, settings: SubscriptionConfig): readonly Reference[] {
  const { queue, function: subscriber, filter } = settings
  const path = ['subscriptions', index]
  const to = queue ?? subscriber
  return [
    ...(to === undefined
      ? []
      : [
          {
            path: [...path, queue === undefined ? 'function' : 'queue'],
            to,
            sections: [queue === undefined ? 'functions' : 'queues'] as const,
            role: 'a subscription',
            meanShare: meanShareOf(filter),
            sends: true,
          },
        ]),
    ...subscriptionDeadLetters(settings, path),
  ]
}
