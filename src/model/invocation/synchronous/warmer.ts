/**
 * A warmer: a schedule that invokes the function with several pings at once, so that as many
 * environments stay warm. The handler recognises a ping and answers after a short wait, which keeps
 * the pings apart; a ping occupies its environment meanwhile, and is billed.
 */
import { z } from 'zod'
import { hashName } from '../../../kernel/generator.ts'
import { RANK_ARRIVAL } from '../../../kernel/order.ts'
import type { Qualifier } from '../../compute/lambda-function.ts'
import { Router } from '../../compute/router.ts'
import type { EventEdge, EventSourceEntry } from '../../entry.ts'
import { type Book, Ledger } from '../../metrics/ledger.ts'
import type { CounterSeries } from '../../metrics/series.ts'
import type { Part } from '../../part.ts'
import { duration, parsedBy, shown, wholeNumber } from '../../units.ts'
import type { World } from '../../world.ts'
import { firingsOf } from '../asynchronous/schedule.ts'
import {
  nextTime,
  parseSchedule,
  type ScheduleExpression,
} from '../asynchronous/schedule-expression.ts'
import { DURATION_US, START } from '../invocation-store.ts'
import type { Origin } from '../origin.ts'
import { COLD, SUCCEEDED, TIMED_OUT } from '../outcome.ts'

interface WarmerConfig {
  readonly schedule: ScheduleExpression
  readonly concurrency: number
  readonly duration: number
}

const US_PER_MS = 1_000
const MOST_PINGS = 10_000
/** Above every share of failures: a ping does nothing that could fail. */
const NEVER_FAILS = 1

const schema = z.strictObject({
  schedule: z
    .string({ error: (issue) => `${shown(issue.input)} is not a schedule: write rate(5 minutes)` })
    .meta({ typeText: 'schedule', examples: ['rate(5 minutes)', 'cron(0 12 * * ? *)'] })
    .transform(parsedBy(parseSchedule))
    .meta({
      description: 'When it pings, UTC. A rate first fires one period after the start of the run.',
      source: 'Amazon EventBridge Scheduler user guide, "Schedule types"',
    }),
  concurrency: wholeNumber('concurrency', 1, MOST_PINGS).prefault(1).meta({
    description: 'How many pings it sends at once.',
    source: 'lambda-warmer (npm), `concurrency`',
  }),
  duration: duration.prefault('75ms').meta({
    description: 'How long the handler takes to answer a ping, without its calls and failures.',
    source: 'lambda-warmer (npm), the default of `delay`',
  }),
})

class Warmer implements Part, Origin {
  readonly path: string
  readonly name: string
  readonly hash: number
  private readonly config: WarmerConfig
  private readonly qualifier: Qualifier
  private readonly world: World
  private readonly router: Router
  private readonly ledger: Ledger
  private readonly pings: CounterSeries
  private readonly coldStarts: CounterSeries
  private readonly throttles: CounterSeries
  private readonly origin: number
  private readonly fireKind: number
  private sent = 0
  private wasRefused = false
  private isSilent = false

  constructor({ name, path, config }: EventEdge<WarmerConfig>, qualifier: Qualifier, world: World) {
    const { recorder, streamRoot } = world
    this.path = path
    this.name = name
    this.hash = hashName(path)
    this.config = config
    this.qualifier = qualifier
    this.world = world
    this.router = new Router(qualifier, `${streamRoot}/${path}`)
    this.ledger = new Ledger('event', name)
    this.pings = recorder.counter('event', name, 'WarmerPings')
    this.coldStarts = recorder.counter('event', name, 'WarmerColdStarts')
    this.throttles = recorder.counter('event', name, 'WarmerThrottles')
    this.origin = world.invocations.addOrigin(this)
    this.fireKind = world.addEventKind(() => this.fire())
    qualifier.isCalled = true
  }

  start(): void {
    this.arm(this.world.settings.startsAtMs)
  }

  silence(): void {
    this.isSilent = true
  }

  closeBooks(): readonly Book[] {
    this.ledger.close(0, this.world.invocations.inFlightOf[this.origin]!)
    return [this.ledger]
  }

  onRefused(): void {
    this.wasRefused = true
    this.throttles.add(1)
    this.ledger.settle('throttled')
  }

  onEnded(_slot: number, outcome: number): void {
    if (outcome === SUCCEEDED) this.ledger.settle('succeeded')
    else this.ledger.settle(outcome === TIMED_OUT ? 'timedOut' : 'failed')
  }

  /** A ping is nothing that the handler would work on, so that it calls nobody. */
  forEachMessage(): void {}

  private fire(): void {
    if (this.isSilent) return
    const { settings, simulator } = this.world
    for (let count = 0; count < this.config.concurrency; count++) this.ping()
    this.arm(settings.startsAtMs + simulator.nowUs / US_PER_MS + 1)
  }

  private ping(): void {
    const { invocations } = this.world
    const { store } = invocations
    const ordinal = this.sent++
    this.ledger.entered++
    this.pings.add(1)
    const slot = invocations.open(this.origin, ordinal)
    store.reals[4 * slot + DURATION_US] = this.config.duration
    store.failureDraw[slot] = NEVER_FAILS
    this.wasRefused = false
    invocations.attempt(slot, this.qualifier, this.router.poolOf(ordinal))
    if (!this.wasRefused && store.bytes[32 * slot + START] === COLD) this.coldStarts.add(1)
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

export const warmer: EventSourceEntry<WarmerConfig> = {
  kind: 'warmer',
  metrics: () => ['WarmerPings', 'WarmerColdStarts', 'WarmerThrottles'],
  model: 'synchronous',
  summary: 'Pings at a schedule, several at once, that are to keep as many environments warm.',
  schema,
  firings: (config, run) => {
    const { expected, peakPerSecond } = firingsOf(config.schedule, run)
    const { concurrency } = config
    return { expected: expected * concurrency, peakPerSecond: peakPerSecond * concurrency }
  },
  create: (edge, qualifier, world) => new Warmer(edge, qualifier, world),
}
