/**
 * Amazon S3 buckets as sources of events: each object put is told to the functions that ask for it.
 * Source: Amazon S3 user guide, "Amazon S3 Event Notifications": at least once, typically in
 * seconds. How often S3 tries again is not documented.
 */
import { z } from 'zod'
import { hashName } from '../../kernel/generator.ts'
import { MICROSECONDS_PER_SECOND } from '../../kernel/time.ts'
import { Constant } from '../distributions/constant.ts'
import type { Distribution, DistributionChoice } from '../distributions/distribution.ts'
import { createDistribution, distributionSchema } from '../distributions/index.ts'
import type { ResourceEntry } from '../entry.ts'
import { Delivery, type DeliveryMeter } from '../messages/delivery.ts'
import { Filter, type FilterSettings } from '../messages/filter.ts'
import { EVENTBRIDGE_RETRIES } from '../messages/retry-schedule.ts'
import { type Book, Ledger } from '../metrics/ledger.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { Part } from '../part.ts'
import { duration } from '../units.ts'
import type { World } from '../world.ts'
import { ACCEPTED, type Acceptance, type Target } from './target.ts'

interface BucketConfig {
  readonly notificationLatency?: DistributionChoice | undefined
}

const NOTIFICATIONS = 'Amazon S3 user guide, "Amazon S3 Event Notifications"'

const schema = z.strictObject({
  notificationLatency: distributionSchema(duration).optional().meta({
    description: 'From putting an object to its notification: a distribution or a duration.',
    defaultText: '1s (assumed)',
    source: NOTIFICATIONS,
  }),
})

const ASSUMED_LATENCY = new Constant(MICROSECONDS_PER_SECOND)

interface Notification {
  readonly filter: Filter | null
  readonly latencyPurpose: number
  readonly delivery: Delivery
}

/**
 * Its book has an entry per object and notification: `handedOn`, `dropped` when S3 gave up, or
 * `inFlight` until the notification is delivered. An object that nobody is told of (no
 * notification, or none whose filter lets it through) is one entry, `succeeded`: it is stored, which
 * is all that was asked for.
 */
export class Bucket implements Part, Target, DeliveryMeter {
  readonly scope = 'bucket'
  readonly name: string
  readonly path: string
  readonly ledger: Ledger
  readonly attempts = null
  readonly retried = null
  readonly deadLettered = null
  readonly deadLetterFailures = null
  delivered: CounterSeries | null = null
  failed: CounterSeries | null = null
  private readonly world: World
  private readonly latency: Distribution
  private readonly created: CounterSeries
  private readonly notifications: Notification[] = []

  constructor(name: string, { notificationLatency }: BucketConfig, world: World) {
    this.name = name
    this.path = `buckets.${name}`
    this.world = world
    this.latency =
      notificationLatency === undefined ? ASSUMED_LATENCY : createDistribution(notificationLatency)
    this.ledger = new Ledger('bucket', name)
    this.created = world.recorder.counter('bucket', name, 'ObjectsCreated')
  }

  /** `path` names the notification and its draws. */
  notify(path: string, target: Target, filter: FilterSettings | undefined): void {
    const { world, name } = this
    const { recorder, births } = world
    this.delivered ??= recorder.counter('bucket', name, 'NotificationsDelivered')
    this.failed ??= recorder.counter('bucket', name, 'NotificationsDropped')
    const schedule = EVENTBRIDGE_RETRIES
    this.notifications.push({
      filter: filter === undefined ? null : new Filter(filter, path, births),
      latencyPurpose: hashName(`${path}/notification-latency`),
      delivery: new Delivery(
        { path, target, deadLetterTarget: null, schedule, meter: this },
        world,
      ),
    })
  }

  accept(message: number): Acceptance {
    const { messages, births } = this.world
    this.created.add(1)
    let isTold = false
    for (const { filter, latencyPurpose, delivery } of this.notifications) {
      if (filter !== null && !filter.passes(message)) continue
      isTold = true
      const generator = births.drawFor(message, latencyPurpose, 0)
      delivery.sendLater(messages.copy(message), this.latency.sample(generator))
    }
    if (!isTold) {
      this.ledger.entered++
      this.ledger.settle('succeeded')
    }
    messages.give(message)
    return ACCEPTED
  }

  pending(): number {
    return this.notifications.reduce((sum, { delivery }) => sum + delivery.waiting, 0)
  }

  closeBooks(): readonly Book[] {
    this.ledger.close(0, this.pending())
    return [this.ledger]
  }
}

export const bucket: ResourceEntry<BucketConfig> = {
  section: 'buckets',
  scope: 'bucket',
  summary: 'An S3 bucket: functions with an event of type s3 are told of each object put into it.',
  schema,
  assumptions: ({ notificationLatency }) => [
    ...(notificationLatency === undefined
      ? [
          {
            id: 'notification-latency',
            statement: 'S3 sends a notification 1s after the object was put.',
            confidence: 'assumed' as const,
            source: NOTIFICATIONS,
            alternatives: ['100ms', '10s'].map((label) => ({
              label,
              set: { notificationLatency: label },
            })),
          },
        ]
      : []),
    {
      id: 's3-retries',
      statement:
        'S3 tries a notification again as EventBridge does: after 1s, doubling to 10m, up to 185 times in 24h.',
      confidence: 'assumed',
      source: NOTIFICATIONS,
    },
  ],
  create: (name, config, _initial, world) => new Bucket(name, config, world),
}
