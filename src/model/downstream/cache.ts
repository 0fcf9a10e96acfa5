/** A cache in front of another downstream: hits are answered by it, misses go on. */
import { z } from 'zod'
import { hashName } from '../../kernel/generator.ts'
import { createDistribution } from '../distributions/index.ts'
import type { CounterSeries } from '../metrics/series.ts'
import { share } from '../units.ts'
import type { World } from '../world.ts'
import { type CallOutcome, type CallOwner, grownToCalls } from './calls.ts'
import type { Downstream, DownstreamEntry } from './downstream.ts'
import { errorRateKey, type ServiceConfig, serviceKey } from './keys.ts'
import { ServedDownstream } from './served.ts'

const schema = z.strictObject({
  type: z.literal('cache'),
  service: serviceKey.meta({
    description: 'How long looking something up takes, hit or miss: a distribution or a duration.',
  }),
  hitRate: share.meta({ description: 'Share of the calls that it answers itself.' }),
  behind: z
    .string({ error: '`behind` is the name of another downstream' })
    .meta({ description: 'The downstream that misses go on to.' }),
  errorRate: errorRateKey,
})

interface CacheConfig extends ServiceConfig {
  readonly hitRate: number
  readonly behind: string
}

/** A call that has gone on to what is behind; above the states of a Service. */
const MISSED = 5

class Cache extends ServedDownstream implements CallOwner {
  private readonly owner: number
  private readonly hitPurpose: number
  private readonly behindName: string
  private readonly hits: CounterSeries
  private readonly misses: CounterSeries
  private hitRate: number
  private behind: Downstream | null = null
  /** By call: the call behind that it waits for. */
  private inner = new Int32Array(0)

  constructor(name: string, config: CacheConfig, world: World) {
    super(name, config, world)
    this.hitRate = config.hitRate
    this.behindName = config.behind
    this.owner = world.calls.addOwner(this)
    this.hitPurpose = hashName(`${this.path}/hit`)
    this.hits = world.recorder.counter('downstream', name, 'CacheHits')
    this.misses = world.recorder.counter('downstream', name, 'CacheMisses')
  }

  connect(): void {
    this.behind = this.world.downstream(this.behindName)
  }

  override onServed(call: number): void {
    if (this.drawOf(call, this.hitPurpose) < this.hitRate) {
      this.hits.add(1)
      super.onServed(call)
      return
    }
    this.misses.add(1)
    this.goOn(call)
  }

  onInvocationEnd(environment: number): void {
    this.behind!.onInvocationEnd?.(environment)
  }

  onEnvironmentGone(environment: number): void {
    this.behind!.onEnvironmentGone?.(environment)
  }

  onAnswer(inner: number, outcome: CallOutcome): void {
    const { calls } = this.world
    const call = calls.subject[inner]!
    calls.give(inner)
    this.answer(call, outcome)
  }

  override reconfigure(config: unknown): void {
    super.reconfigure(config)
    this.hitRate = (config as CacheConfig).hitRate
  }

  protected override leave(call: number): boolean {
    if (this.world.calls.state[call] !== MISSED) return super.leave(call)
    this.behind!.abandon(this.inner[call]!)
    return true
  }

  private goOn(call: number): void {
    const { calls } = this.world
    const inner = calls.openFor(call, this.owner, call)
    calls.state[call] = MISSED
    this.inner = grownToCalls(this.inner, call, calls)
    this.inner[call] = inner
    this.world.transitions.timeParts?.callPassesOn(call, inner)
    this.behind!.begin(inner)
  }
}

export const cache: DownstreamEntry<CacheConfig> = {
  kind: 'cache',
  summary: 'A cache in front of another downstream: it answers hits and passes misses on.',
  schema,
  calls: ({ behind }) => [{ path: ['behind'], to: behind }],
  expectedAnswer: ({ service, hitRate, behind, errorRate }, expectedAnswerOf) => {
    const missed = expectedAnswerOf(behind)
    return {
      meanAnswerUs: createDistribution(service).mean + (1 - hitRate) * missed.meanAnswerUs,
      errorRate: hitRate * errorRate + (1 - hitRate) * missed.errorRate,
    }
  },
  settable: ['hitRate', 'errorRate'],
  assumptions: () => [
    {
      id: 'cache-independent-hits',
      statement: 'Each call hits the cache with the same chance, whatever came before.',
      confidence: 'assumed',
      source: 'keys and expiry of cached items are not modelled',
    },
  ],
  create: (name, config, world) => new Cache(name, config, world),
}
