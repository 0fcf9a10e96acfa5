/**
 * Amazon EventBridge event buses: rules choose events and send a copy to each of their targets.
 * Sources: Amazon EventBridge user guide, "How EventBridge retries delivering events", "Quotas"
 * and "Monitoring Amazon EventBridge".
 */
import { z } from 'zod'
import { payloadLimit } from '../compute/platform-timeline.ts'
import type { CheckContext, ConfigPath, Fault, Reference, ResourceEntry } from '../entry.ts'
import { Delivery, type DeliveryMeter } from '../messages/delivery.ts'
import {
  DEAD_LETTER_ROLE,
  DEAD_LETTER_SECTIONS,
  EVENTBRIDGE_BACK_OFF,
  type EventBridgeDeliveryConfig,
  eventBridgeDeadLetters,
  eventBridgeDeliveryKeys,
  eventBridgeSchedule,
  fifoFaults,
  nodeName,
} from '../messages/delivery-schema.ts'
import { Filter, type FilterSettings, meanShareOf } from '../messages/filter.ts'
import { NO_LINEAGE } from '../messages/lineage.ts'
import { SIZE_BYTES } from '../messages/message-store.ts'
import { filterSchema } from '../messages/schema.ts'
import { type Book, Ledger } from '../metrics/ledger.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { bareName } from '../node-names.ts'
import type { Part } from '../part.ts'
import { piecesOf } from '../pricing/charge.ts'
import type { Section, World } from '../world.ts'
import { edgesFrom } from './edges.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target } from './target.ts'

/** The keys by which a target is named, and where it is declared. */
const TARGET_SECTIONS = {
  queue: 'queues',
  function: 'functions',
  stream: 'streams',
  topic: 'topics',
  bus: 'buses',
  stateMachine: 'stateMachines',
} as const satisfies Record<string, Section>

type TargetKey = keyof typeof TARGET_SECTIONS
const TARGET_KEYS = Object.keys(TARGET_SECTIONS) as TargetKey[]

type TargetConfig = EventBridgeDeliveryConfig & {
  readonly [Key in TargetKey]?: string | undefined
}

interface RuleConfig {
  readonly filter?: FilterSettings | undefined
  readonly targets: readonly TargetConfig[]
}

interface BusConfig {
  readonly rules: Readonly<Record<string, RuleConfig>>
}

const MOST_TARGETS = 5
const MOST_RULES = 300
const QUOTAS = 'Amazon EventBridge user guide, "EventBridge quotas"'

function targetName(kind: string) {
  return nodeName('a target')
    .optional()
    .meta({ description: `A ${kind} that is sent the events.` })
}

const target = z
  .strictObject({
    queue: targetName('queue'),
    function: targetName('function'),
    stream: targetName('stream'),
    topic: targetName('topic'),
    bus: targetName('bus'),
    stateMachine: targetName('state machine'),
    ...eventBridgeDeliveryKeys,
  })
  .refine((value) => TARGET_KEYS.filter((key) => value?.[key] !== undefined).length === 1, {
    error: `a target names exactly one of ${TARGET_KEYS.join(', ')}`,
    when: () => true,
  })

const schema = z.strictObject({
  rules: z
    .record(
      z.string(),
      z.strictObject({
        filter: filterSchema.optional(),
        targets: z
          .array(target, 'targets is a list such as [{ queue: orders }]')
          .min(1, 'a rule without targets sends nothing: name at least one')
          .max(MOST_TARGETS, `a rule has at most ${MOST_TARGETS} targets (LimitExceededException)`)
          .meta({ description: 'Who is sent a copy of each event.', source: QUOTAS }),
      }),
    )
    .prefault({})
    .meta({
      description:
        'Which events go where; an event of type eventbridge is a rule of its own with one target.',
      source: 'Amazon EventBridge user guide, "Rules in Amazon EventBridge"',
    }),
})

/** Of a rule that stands with a function (event type `eventbridge`). */
export interface RuleTarget {
  readonly path: string
  readonly target: Target
  readonly settings: EventBridgeDeliveryConfig
}

/** One event for each started 64 KB (aws.amazon.com/eventbridge/pricing). */
const BYTES_PER_EVENT = 65_536

interface Rule {
  readonly filter: Filter | null
  readonly deliveries: readonly Delivery[]
}

/**
 * Its book has an entry per event and target of a rule that chose it: `handedOn`, `deadLettered`,
 * `dropped`, or `inFlight` while it waits to be tried again. An event that no rule chose is one
 * entry, `filtered`.
 */
export class Bus implements Part, Target, DeliveryMeter {
  readonly scope = 'bus'
  readonly name: string
  readonly path: string
  readonly ledger: Ledger
  readonly attempts = null
  readonly delivered = null
  readonly retried: CounterSeries
  readonly failed: CounterSeries
  deadLettered: CounterSeries | null = null
  deadLetterFailures: CounterSeries | null = null
  /** For what is put to it; rules and their targets are free. */
  billedEvents = 0
  private readonly world: World
  private readonly config: BusConfig
  private readonly maximumBytes: number
  private readonly taken: CounterSeries
  private readonly matched: CounterSeries
  private readonly triggered: CounterSeries
  private readonly rules: Rule[] = []

  constructor(name: string, config: BusConfig, world: World) {
    const { recorder, settings } = world
    this.name = name
    this.path = `buses.${name}`
    this.config = config
    this.world = world
    this.maximumBytes = payloadLimit('bus', settings.platform)
    this.ledger = new Ledger('bus', name)
    this.taken = recorder.counter('bus', name, 'PutEventsEntriesCount')
    this.matched = recorder.counter('bus', name, 'MatchedEvents')
    this.triggered = recorder.counter('bus', name, 'TriggeredRules')
    this.retried = recorder.counter('bus', name, 'RetryInvocationAttempts')
    this.failed = recorder.counter('bus', name, 'FailedInvocations')
  }

  connect(): void {
    for (const [ruleName, { filter, targets }] of Object.entries(this.config.rules)) {
      const path = `${this.path}.rules.${ruleName}`
      const ruleTargets = targets.map((settings, index) => {
        const key = keyOf(settings)!
        const node = this.world.target(settings[key]!, [TARGET_SECTIONS[key]])
        return { path: `${path}.targets.${index}`, target: node, settings }
      })
      this.addRule(path, filter, ruleTargets)
    }
  }

  /** `path` names the rule and the draws of its filter. */
  addRule(path: string, filter: FilterSettings | undefined, targets: readonly RuleTarget[]): void {
    const { births } = this.world
    this.rules.push({
      filter: filter === undefined ? null : new Filter(filter, path, births),
      deliveries: targets.map((ruleTarget) => this.deliveryTo(ruleTarget)),
    })
  }

  accept(message: number): Acceptance {
    const { messages } = this.world
    if (messages.ints[8 * message + SIZE_BYTES]! > this.maximumBytes) return REJECTED
    this.taken.add(1)
    this.billedEvents += piecesOf(messages.ints[8 * message + SIZE_BYTES]!, BYTES_PER_EVENT)
    // Lambda's recursive loop detection does not follow chains through a bus.
    messages.lineage[message] = NO_LINEAGE
    let matches = 0
    for (const { filter, deliveries } of this.rules) {
      if (filter !== null && !filter.passes(message)) continue
      matches++
      for (const delivery of deliveries) delivery.send(messages.copy(message))
    }
    this.triggered.add(matches)
    if (matches > 0) this.matched.add(1)
    else {
      this.ledger.entered++
      this.ledger.settle('filtered')
    }
    messages.give(message)
    return ACCEPTED
  }

  pending(): number {
    let sum = 0
    for (const { deliveries } of this.rules) {
      for (const delivery of deliveries) sum += delivery.waiting
    }
    return sum
  }

  closeBooks(): readonly Book[] {
    this.ledger.close(0, this.pending())
    return [this.ledger]
  }

  private deliveryTo({ path, target: node, settings }: RuleTarget): Delivery {
    const { world, name } = this
    const { recorder } = world
    let deadLetterTarget: Target | null = null
    if (settings.deadLetterConfig !== undefined) {
      const reference = settings.deadLetterConfig.deadLetterTarget
      deadLetterTarget = world.target(reference, DEAD_LETTER_SECTIONS)
      this.deadLettered ??= recorder.counter('bus', name, 'InvocationsSentToDlq')
      this.deadLetterFailures ??= recorder.counter('bus', name, 'InvocationsFailedToBeSentToDlq')
    }
    const schedule = eventBridgeSchedule(settings)
    return new Delivery({ path, target: node, deadLetterTarget, schedule, meter: this }, world)
  }
}

export const bus: ResourceEntry<BusConfig> = {
  section: 'buses',
  scope: 'bus',
  summary:
    'An EventBridge event bus: each event goes to the targets of every rule that matches it.',
  schema,
  references: referencesIn,
  assumptions: ({ rules }) => (Object.keys(rules).length > 0 ? [EVENTBRIDGE_BACK_OFF] : []),
  check: (name, config, context) => [
    ...tooManyRules(name, config, context),
    ...circles(name, config, context),
    ...fifoFaults(
      referencesIn(config).filter(({ role }) => role === DEAD_LETTER_ROLE),
      context,
    ),
  ],
  warnings: (name, { rules }, context) =>
    Object.keys(rules).length > 0 || edgesFrom('buses', name, context) > 0
      ? []
      : ['it has no rule: nobody takes what is put to it'],
  bill: () => [{ product: 'eventBridgeEvents', amount: ({ billedEvents }: Bus) => billedEvents }],
  create: (name, config, _initial, world) => new Bus(name, config, world),
}

function referencesIn({ rules }: BusConfig): readonly Reference[] {
  return Object.entries(rules).flatMap(([ruleName, { filter, targets }]) =>
    targets.flatMap((settings, index) =>
      referencesOf(['rules', ruleName, 'targets', index], settings, meanShareOf(filter)),
    ),
  )
}

function keyOf(settings: TargetConfig): TargetKey | undefined {
  return TARGET_KEYS.find((key) => settings[key] !== undefined)
}

function referencesOf(
  path: ConfigPath,
  settings: TargetConfig,
  meanShare: number,
): readonly Reference[] {
  const key = keyOf(settings)
  const named: Reference[] =
    key === undefined
      ? []
      : [
          {
            path: [...path, key],
            to: settings[key]!,
            sections: [TARGET_SECTIONS[key]],
            role: 'a target',
            sends: true,
            meanShare,
          },
        ]
  return [...named, ...eventBridgeDeadLetters(settings, path)]
}

/** Events of type `eventbridge` are rules as well. */
function tooManyRules(name: string, { rules }: BusConfig, context: CheckContext): readonly Fault[] {
  const count = Object.keys(rules).length + edgesFrom('buses', name, context)
  if (count <= MOST_RULES) return []
  const message = `a bus has at most ${MOST_RULES} rules (LimitExceededException), and these are ${count}`
  return [{ path: ['rules'], message }]
}

/** An event that comes back to its bus at the same instant would go round for ever. */
function circles(name: string, config: BusConfig, context: CheckContext): readonly Fault[] {
  const busesOf = ({ rules }: BusConfig): string[] =>
    Object.values(rules).flatMap(({ targets }) =>
      targets.flatMap((settings) => (settings.bus === undefined ? [] : [bareName(settings.bus)])),
    )
  const seen = new Set<string>()
  const leadsBack = (reference: string): boolean => {
    if (reference === name) return true
    if (seen.has(reference)) return false
    seen.add(reference)
    const other = context.configOf(`buses.${reference}`, ['buses']) as BusConfig | undefined
    return other !== undefined && busesOf(other).some(leadsBack)
  }
  return Object.entries(config.rules).flatMap(([ruleName, { targets }]) =>
    targets.flatMap((settings, index) =>
      settings.bus !== undefined && leadsBack(bareName(settings.bus))
        ? [
            {
              path: ['rules', ruleName, 'targets', index, 'bus'],
              message: `events would come back to bus ${name} and go round for ever`,
            },
          ]
        : [],
    ),
  )
}
