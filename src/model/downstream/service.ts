/**
 * Servers with a waiting line: the core of every downstream that does work. G/G/c/K in Kendall's
 * notation, served first come, first served.
 */
import { Generator, hashName } from '../../kernel/generator.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import { ClosestApproach } from '../compute/closest-approach.ts'
import type { Distribution } from '../distributions/distribution.ts'
import type { DurationSeries, GaugeSeries } from '../metrics/series.ts'
import type { LimitUse } from '../part.ts'
import type { World } from '../world.ts'
import { CallLine } from './call-line.ts'
import type { Disturbances } from './disturbances.ts'

/**
 * By how much calls hold each other up: with n in service each takes
 * 1 + sigma (n - 1) + kappa n (n - 1) times as long. Source: N. J. Gunther, "A simple capacity model
 * of massively parallel transaction systems" (1993), the universal scalability law; a call's factor
 * is fixed when its service begins (assumed).
 */
export interface Contention {
  readonly sigma: number
  readonly kappa: number
}

export interface ServiceOptions {
  readonly duration: Distribution
  /** How many calls are served at once; Infinity: all. */
  readonly servers: number
  /** How many may wait beside; Infinity: all. */
  readonly queueCapacity: number
  readonly contention: Contention | null
}

/** What a downstream is told about calls in its service. */
export interface ServiceOwner {
  /** Served to the end, and its caller waits. */
  onServed(call: number): void
  /** Served to the end for nobody: it is free afterwards. Left out: nothing was held for it. */
  onServedForNobody?(call: number): void
}

const WAITING = 1
const SERVED = 2
/** Served on although nobody waits for it. */
const UNHEARD = 3

export class Service {
  /** Calls being served, those that nobody waits for any more included. */
  busy = 0
  private options: ServiceOptions
  private readonly owner: ServiceOwner
  private readonly world: World
  private readonly disturbances: Disturbances
  private readonly line: CallLine
  private readonly generator = new Generator()
  private readonly purpose: number
  private readonly ends: number
  private readonly name: string
  private readonly closest: ClosestApproach
  private readonly queueTime: DurationSeries
  private readonly serviceTime: DurationSeries
  private readonly queueLength: GaugeSeries
  private readonly inService: GaugeSeries

  constructor(
    name: string,
    options: ServiceOptions,
    owner: ServiceOwner,
    disturbances: Disturbances,
    world: World,
  ) {
    const { recorder } = world
    this.name = name
    this.options = options
    this.closest = new ClosestApproach(options.servers)
    this.owner = owner
    this.world = world
    this.disturbances = disturbances
    this.line = new CallLine(world.calls)
    this.purpose = hashName(`downstreams.${name}/service`)
    this.ends = world.addEventKind((call) => this.end(call))
    this.queueTime = recorder.duration('downstream', name, 'QueueTime')
    this.serviceTime = recorder.duration('downstream', name, 'ServiceTime')
    this.queueLength = recorder.gauge('downstream', name, 'QueueLength')
    this.inService = recorder.gauge('downstream', name, 'CallsInService')
  }

  /** How close it came to having all servers at work; nothing where there is one for every call. */
  limitUses(): readonly LimitUse[] {
    if (this.options.servers === Number.POSITIVE_INFINITY) return []
    return [{ scope: 'downstream', name: this.name, limit: 'servers', ...this.closest.read() }]
  }

  reconfigure(options: ServiceOptions): void {
    this.options = options
    this.closest.changeLimit(options.servers, this.busy)
    this.serveWaiting()
  }

  /** Serves the call or lets it wait; false: there is no room for it. */
  take(call: number): boolean {
    const { servers, queueCapacity } = this.options
    const { calls, simulator, transitions } = this.world
    calls.sinceUs[call] = simulator.nowUs
    transitions.timeParts?.callEnters(call, `downstreams.${this.name}`, 'wait')
    if (this.busy < servers) {
      this.serve(call)
      return true
    }
    if (this.line.length >= queueCapacity) return false
    calls.state[call] = WAITING
    this.line.append(call)
    this.queueLength.add(1)
    return true
  }

  /**
   * Nobody waits for the call any more. One that waits leaves the line; one that is being served
   * goes on to its end, because the server does not notice (assumed). True: the call is free.
   */
  abandon(call: number): boolean {
    const { state } = this.world.calls
    if (state[call] === WAITING) {
      this.line.remove(call)
      this.queueLength.add(-1)
      return true
    }
    state[call] = UNHEARD
    return false
  }

  private serve(call: number): void {
    const { calls, simulator, transitions } = this.world
    this.busy++
    transitions.timeParts?.callEnters(call, `downstreams.${this.name}`, 'service')
    this.closest.rise(this.busy)
    this.inService.add(1)
    this.queueTime.record(simulator.nowUs - calls.sinceUs[call]!)
    calls.sinceUs[call] = simulator.nowUs
    calls.state[call] = SERVED
    const draw = calls.drawFor(call, this.purpose, this.generator)
    const lengthUs = this.options.duration.sample(draw) * this.disturbances.factor * this.slowdown
    const endUs = Math.floor(simulator.nowUs + lengthUs + 0.5)
    simulator.schedule(endUs, RANK_RELEASE, this.ends, call)
  }

  /** Of a call that has just begun to be served. */
  private get slowdown(): number {
    const { contention } = this.options
    if (contention === null) return 1
    const others = this.busy - 1
    return 1 + contention.sigma * others + contention.kappa * this.busy * others
  }

  private end(call: number): void {
    const { calls, simulator } = this.world
    this.busy--
    this.inService.add(-1)
    this.serviceTime.record(simulator.nowUs - calls.sinceUs[call]!)
    this.serveWaiting()
    if (calls.state[call] !== UNHEARD) {
      this.owner.onServed(call)
      return
    }
    this.owner.onServedForNobody?.(call)
    calls.give(call)
  }

  private serveWaiting(): void {
    while (this.line.length > 0 && this.busy < this.options.servers) {
      this.queueLength.add(-1)
      this.serve(this.line.shift())
    }
  }
}
