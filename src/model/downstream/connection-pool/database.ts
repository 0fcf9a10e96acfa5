import { hashName } from '../../../kernel/generator.ts'
import { RANK_RELEASE } from '../../../kernel/order.ts'
import { ClosestApproach } from '../../compute/closest-approach.ts'
import { Constant } from '../../distributions/constant.ts'
import type { Distribution } from '../../distributions/distribution.ts'
import { createDistribution } from '../../distributions/index.ts'
import type { CounterSeries, GaugeSeries } from '../../metrics/series.ts'
import type { LimitUse } from '../../part.ts'
import type { CallPhase } from '../../time-parts.ts'
import type { World } from '../../world.ts'
import { ServedDownstream } from '../served.ts'
import { ASSUMED_SETUP_US, type ConnectionPoolConfig, mostConnections } from './schema.ts'

/** Its connection is being opened; above the states of a Service. */
const CONNECTING = 5
/** The same, but its caller has gone. */
const CONNECTING_NOBODY = 6

const ASSUMED_SETUP = new Constant(ASSUMED_SETUP_US)

/** A database that calls reach by a connection. Whose connections are is up to the subclass. */
export abstract class Database extends ServedDownstream {
  protected config: ConnectionPoolConfig
  protected readonly connectionErrors: CounterSeries
  private readonly connections: GaugeSeries
  private readonly closest: ClosestApproach
  private readonly setup: Distribution
  private readonly setupPurpose: number
  private readonly connected: number

  constructor(name: string, config: ConnectionPoolConfig, world: World) {
    super(name, config, world)
    const { recorder } = world
    this.config = config
    this.connections = recorder.gauge('downstream', name, 'DatabaseConnections')
    this.closest = new ClosestApproach(this.most)
    this.connectionErrors = recorder.counter('downstream', name, 'ConnectionErrors')
    const { connectionSetup } = config
    this.setup = connectionSetup === undefined ? ASSUMED_SETUP : createDistribution(connectionSetup)
    this.setupPurpose = hashName(`${this.path}/connection-setup`)
    this.connected = world.addEventKind((call) => this.onConnected(call))
  }

  override limitUses(): readonly LimitUse[] {
    const { name, closest } = this
    const connections = { limit: 'connections', ...closest.read() }
    return [{ scope: 'downstream', name, ...connections }, ...super.limitUses()]
  }

  override reconfigure(config: unknown): void {
    this.config = config as ConnectionPoolConfig
    this.closeSurplus()
    this.closest.changeLimit(this.most, this.connections.level)
    super.reconfigure(config)
  }

  /** The limit of connections may have fallen; left as it is: those that are open stay. */
  protected closeSurplus(): void {}

  /** Connections that may be open at once. */
  protected get most(): number {
    return mostConnections(this.config)
  }

  protected setConnections(count: number): void {
    this.connections.set(count)
    this.closest.rise(count)
  }

  override onServed(call: number): void {
    this.release(call, true)
    super.onServed(call)
  }

  onServedForNobody(call: number): void {
    this.release(call, false)
  }

  protected override get firstPhase(): CallPhase {
    return 'connection'
  }

  /** The call does not need its connection any more; `isHeard`: its caller waits for it. */
  protected abstract release(call: number, isHeard: boolean): void

  /** The call has a connection. */
  protected serve(call: number): void {
    this.service.take(call)
  }

  /** The call has been granted a connection that is not open yet; returns when it will be. */
  protected openConnection(call: number): number {
    const setupUs = this.setup.sample(this.generatorOf(call, this.setupPurpose))
    const openUs = Math.floor(this.world.simulator.nowUs + setupUs + 0.5)
    this.awaitConnection(call, openUs)
    return openUs
  }

  /** The call is served as soon as its connection is open. */
  protected awaitConnection(call: number, openUs: number): void {
    const { calls, simulator } = this.world
    calls.state[call] = CONNECTING
    simulator.schedule(openUs, RANK_RELEASE, this.connected, call)
  }

  protected override leave(call: number): boolean {
    const { state } = this.world.calls
    if (state[call] === CONNECTING) {
      state[call] = CONNECTING_NOBODY
      return false
    }
    const isFree = super.leave(call)
    if (isFree) this.release(call, false)
    return isFree
  }

  private onConnected(call: number): void {
    const { calls } = this.world
    if (calls.state[call] === CONNECTING) {
      this.serve(call)
      return
    }
    this.release(call, false)
    calls.give(call)
  }
}
