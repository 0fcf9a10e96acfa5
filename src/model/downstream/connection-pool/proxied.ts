import { hashName } from '../../../kernel/generator.ts'
import type { CounterSeries, DurationSeries, GaugeSeries } from '../../metrics/series.ts'
import { Timeouts } from '../../timeouts.ts'
import type { World } from '../../world.ts'
import { CallLine } from '../call-line.ts'
import { CALL_FAILED } from '../calls.ts'
import { Database } from './database.ts'
import {
  type ConnectionPoolConfig,
  DEFAULT_PROXY,
  lendableConnections,
  type ProxyConfig,
} from './schema.ts'

/** It waits for a connection; above the states of a Service and of a Database. */
const BORROWING = 7

/**
 * A proxy lends its connections for the length of a call. Whoever finds none free waits in line,
 * and fails when that takes too long. A pinned client keeps what it was lent.
 * Source: Amazon RDS user guide, "RDS Proxy concepts and terminology".
 */
export class ProxiedConnections extends Database {
  private readonly line: CallLine
  private readonly timeouts: Timeouts
  private readonly pinPurpose: number
  /** Calls that were lent a connection, and environments that keep one. */
  private readonly borrowers = new Set<number>()
  private readonly pinned = new Set<number>()
  private readonly borrowLatency: DurationSeries
  private readonly sessionsPinned: GaugeSeries
  private readonly borrowTimeouts: CounterSeries
  /** Opened so far: the proxy keeps them all (assumed). */
  private opened = 0

  constructor(name: string, config: ConnectionPoolConfig, world: World) {
    super(name, config, world)
    const { recorder } = world
    this.line = new CallLine(world.calls)
    this.timeouts = new Timeouts(this.proxy.connectionBorrowTimeout, world, (call) => {
      this.line.remove(call)
      this.connectionErrors.add(1)
      this.borrowTimeouts.add(1)
      this.answer(call, CALL_FAILED)
    })
    this.pinPurpose = hashName(`${this.path}/pinning`)
    this.borrowLatency = recorder.duration('downstream', name, 'DatabaseConnectionsBorrowLatency')
    this.sessionsPinned = recorder.gauge(
      'downstream',
      name,
      'DatabaseConnectionsCurrentlySessionPinned',
    )
    this.borrowTimeouts = recorder.counter('downstream', name, 'BorrowTimeouts')
  }

  onEnvironmentGone(environment: number): void {
    if (!this.pinned.delete(environment)) return
    this.sessionsPinned.set(this.pinned.size)
    this.closeSurplus()
    this.lendToWaiting()
  }

  /** The limit was lowered: connections that nobody holds are closed, the others when they come back. */
  protected override closeSurplus(): void {
    const kept = Math.max(this.most, this.lent)
    if (this.opened <= kept) return
    this.opened = kept
    this.setConnections(kept)
  }

  override reconfigure(config: unknown): void {
    super.reconfigure(config)
    this.lendToWaiting()
  }

  protected override enter(call: number): void {
    const { calls, simulator } = this.world
    calls.sinceUs[call] = simulator.nowUs
    if (this.pinned.has(calls.environment[call]!)) this.serve(call)
    else if (this.lent < this.most) this.lend(call)
    else {
      calls.state[call] = BORROWING
      this.line.append(call)
      this.timeouts.start(call)
    }
  }

  protected override leave(call: number): boolean {
    if (this.world.calls.state[call] !== BORROWING) return super.leave(call)
    this.line.remove(call)
    this.timeouts.cancel(call)
    return true
  }

  protected release(call: number, isHeard: boolean): void {
    // On the connection that its environment keeps.
    if (!this.borrowers.delete(call)) return
    const { pinning } = this.proxy
    if (isHeard && pinning > 0 && this.drawOf(call, this.pinPurpose) < pinning) {
      this.pinned.add(this.world.calls.environment[call]!)
      this.sessionsPinned.set(this.pinned.size)
    }
    this.closeSurplus()
    this.lendToWaiting()
  }

  private get proxy(): ProxyConfig {
    return this.config.proxy ?? DEFAULT_PROXY
  }

  private get lent(): number {
    return this.borrowers.size + this.pinned.size
  }

  protected override get most(): number {
    return lendableConnections(super.most, this.proxy)
  }

  private lend(call: number): void {
    const { calls, simulator } = this.world
    this.borrowLatency.record(simulator.nowUs - calls.sinceUs[call]!)
    this.borrowers.add(call)
    if (this.lent <= this.opened) {
      this.serve(call)
      return
    }
    this.opened++
    this.setConnections(this.opened)
    this.openConnection(call)
  }

  private lendToWaiting(): void {
    while (this.line.length > 0 && this.lent < this.most) {
      const call = this.line.shift()
      this.timeouts.cancel(call)
      if (this.pinned.has(this.world.calls.environment[call]!)) this.serve(call)
      else this.lend(call)
    }
  }
}
