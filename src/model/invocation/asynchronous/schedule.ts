/**
 * A function that is invoked by the clock.
 * Sources: Amazon EventBridge Scheduler user guide, "Schedule types" and "Monitoring Amazon
 * EventBridge Scheduler with Amazon CloudWatch"; AWS SAM developer guide, "ScheduleV2".
 */
import { z } from 'zod'
import { RANK_ARRIVAL } from '../../../kernel/order.ts'
import type { EventEdge, EventSourceEntry, Firings } from '../../entry.ts'
import { PLAIN_SHAPE } from '../../messages/births.ts'
import { Delivery, type DeliveryMeter } from '../../messages/delivery.ts'
import {
  DEAD_LETTER_SECTIONS,
  EVENTBRIDGE_BACK_OFF,
  type EventBridgeDeliveryConfig,
  eventBridgeDeadLetters,
  eventBridgeDeliveryKeys,
  eventBridgeSchedule,
  fifoFaults,
} from '../../messages/delivery-schema.ts'
import { NO_LINEAGE } from '../../messages/lineage.ts'
import { type Book, Ledger } from '../../metrics/ledger.ts'
import type { CounterSeries } from '../../metrics/series.ts'
import type { Part } from '../../part.ts'
import type { Target } from '../../resources/target.ts'
import { parsedBy, shown } from '../../units.ts'
import type { RunSettings, World } from '../../world.ts'
import { functionTarget } from './function-target.ts'
import { nextTime, parseSchedule, type ScheduleExpression } from './schedule-expression.ts'

export interface ScheduleConfig extends EventBridgeDeliveryConfig {
  readonly schedule: ScheduleExpression
  readonly enabled: boolean
}

const SCHEDULE_TYPES = 'Amazon EventBridge Scheduler user guide, "Schedule types"'
const US_PER_MS = 1_000
const MS_PER_SECOND = 1_000
const FIRINGS_COUNTED = 10_000

const schema = z.strictObject({
  schedule: z
    .string({ error: (issue) => `${shown(issue.input)} is not a schedule: write rate(5 minutes)` })
    .meta({
      typeText: 'schedule',
      examples: ['rate(5 minutes)', 'cron(0 12 * * ? *)', 'at(2026-03-02T00:10:00)'],
    })
    .transform(parsedBy(parseSchedule))
    .meta({
      description:
        'When it fires, by the wall clock that startsAt sets, UTC. A rate first fires one period after the start of the run (assumed).',
      source: SCHEDULE_TYPES,
    }),
  enabled: z
    .boolean({ error: 'enabled is true or false' })
    .prefault(true)
    .meta({ description: 'Whether it fires at all.', source: SCHEDULE_TYPES }),
  ...eventBridgeDeliveryKeys,
})

/**
 * Its book has an entry per time that it fired: `handedOn`, `deadLettered`, `dropped`, or
 * `inFlight` while it waits to be tried again.
 */
export class Schedule implements Part, DeliveryMeter {
  readonly path: string
  readonly ledger: Ledger
  readonly attempts: CounterSeries
  readonly delivered = null
  readonly retried = null
  readonly failed: CounterSeries
  readonly deadLettered: CounterSeries | null
  readonly deadLetterFailures = null
  private readonly config: ScheduleConfig
  private readonly targetOf: () => Target
  private readonly world: World
  private readonly birth: number
  private readonly fireKind: number
  private delivery: Delivery | null = null
  private fired = 0
  private isSilent = false

  constructor(
    { name, path, config }: Pick<EventEdge<ScheduleConfig>, 'name' | 'path' | 'config'>,
    targetOf: () => Target,
    world: World,
  ) {
    const { recorder, births } = world
    this.path = path
    this.config = config
    this.targetOf = targetOf
    this.world = world
    this.ledger = new Ledger('event', name)
    this.attempts = recorder.counter('event', name, 'InvocationAttemptCount')
    this.failed = recorder.counter('event', name, 'InvocationDroppedCount')
    this.deadLettered =
      config.deadLetterConfig === undefined
        ? null
        : recorder.counter('event', name, 'InvocationsSentToDeadLetterCount')
    this.birth = births.add(path, PLAIN_SHAPE)
    this.fireKind = world.addEventKind(() => this.fire())
  }

  connect(): void {
    const { config, path, world } = this
    const deadLetters = config.deadLetterConfig?.deadLetterTarget
    const options = {
      path,
      target: this.targetOf(),
      deadLetterTarget:
        deadLetters === undefined ? null : world.target(deadLetters, DEAD_LETTER_SECTIONS),
      schedule: eventBridgeSchedule(config),
      meter: this,
    }
    this.delivery = new Delivery(options, world)
  }

  start(): void {
    if (this.config.enabled) this.arm(this.world.settings.startsAtMs)
  }

  silence(): void {
    this.isSilent = true
  }

  pending(): number {
    return this.delivery!.waiting
  }

  closeBooks(): readonly Book[] {
    this.ledger.close(0, this.pending())
    return [this.ledger]
  }

  private fire(): void {
    if (this.isSilent) return
    const { messages, settings, simulator } = this.world
    const { sizeBytes } = PLAIN_SHAPE
    this.delivery!.send(messages.create(this.birth, this.fired++, sizeBytes, NO_LINEAGE))
    this.arm(settings.startsAtMs + simulator.nowUs / US_PER_MS + 1)
  }

  private arm(fromMs: number): void {
    const { settings, simulator } = this.world
    const { startsAtMs, durationUs } = settings
    const timeMs = nextTime(this.config.schedule, fromMs, startsAtMs)
    if (timeMs === null) return
    const atUs = (timeMs - startsAtMs) * US_PER_MS
    if (atUs < durationUs) simulator.scheduleLater(atUs, RANK_ARRIVAL, this.fireKind, 0)
  }
}

/** Counted by the clock that the run itself goes by; of very many the first few tell how often. */
export function firingsOf(
  expression: ScheduleExpression,
  { startsAtMs, durationUs }: Pick<RunSettings, 'startsAtMs' | 'durationUs'>,
): Firings {
  const durationMs = durationUs / US_PER_MS
  let count = 0
  let lastMs = startsAtMs
  let shortestMs = durationMs
  let timeMs = nextTime(expression, startsAtMs, startsAtMs)
  while (timeMs !== null && timeMs < startsAtMs + durationMs && count < FIRINGS_COUNTED) {
    if (count > 0) shortestMs = Math.min(shortestMs, timeMs - lastMs)
    count++
    lastMs = timeMs
    timeMs = nextTime(expression, timeMs + 1, startsAtMs)
  }
  const isWhole = count < FIRINGS_COUNTED
  return {
    expected: isWhole ? count : (count * durationMs) / (lastMs - startsAtMs),
    peakPerSecond: count === 0 ? 0 : MS_PER_SECOND / shortestMs,
  }
}

export const schedule: EventSourceEntry<ScheduleConfig> = {
  kind: 'schedule',
  metrics: () => ['InvocationAttemptCount', 'InvocationDroppedCount'],
  model: 'asynchronous',
  summary: 'The function is invoked at a rate, at the times of a cron expression, or once.',
  schema,
  references: (config) => eventBridgeDeadLetters(config),
  firings: ({ schedule: expression, enabled }, run) =>
    enabled ? firingsOf(expression, run) : { expected: 0, peakPerSecond: 0 },
  assumptions: () => [EVENTBRIDGE_BACK_OFF],
  check: ({ config }, _target, context) => fifoFaults(eventBridgeDeadLetters(config), context),
  create: (edge, qualifier, world) =>
    new Schedule(edge, () => functionTarget(qualifier, world), world),
}
