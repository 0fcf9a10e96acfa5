/**
 * The connections of one function's environments to one downstream, and the ports they hold: from
 * the call that opens one to the end of its hold or of its idle timeout.
 */
import { grownInt32, SlotPool } from '../../kernel/slot-pool.ts'
import { Timeouts } from '../timeouts.ts'
import type { World } from '../world.ts'

/** What has ports for connections: a NAT gateway, or the network interfaces of a function. */
export interface PortSource {
  /** Takes a port for a connection of the environment; false when there is none. */
  take(environment: number): boolean
  /** The connection is closed, but its port is not free yet. */
  close(environment: number): void
  /** Whether it was closed before or ran into the idle timeout. */
  free(environment: number, wasClosed: boolean): void
}

export interface ConnectionSettings {
  /** Whether an environment keeps a connection from one call to the next. */
  readonly isKept: boolean
  readonly idleTimeoutUs: number
  /** How long ports of closed connections stay taken. */
  readonly portHoldUs: number
}

export const NO_CONNECTION = -1

export class Connections {
  private readonly settings: ConnectionSettings
  private readonly sources: readonly PortSource[]
  private environment = new Int32Array(0)
  /** The next idle connection of the same environment, or NO_CONNECTION. */
  private next = new Int32Array(0)
  private readonly slots: SlotPool
  /** By environment: its idle connections, the one used last first. */
  private readonly idle = new Map<number, number>()
  private readonly idleTimeouts: Timeouts
  private readonly holds: Timeouts

  constructor(settings: ConnectionSettings, sources: readonly PortSource[], world: World) {
    this.settings = settings
    this.sources = sources
    this.slots = new SlotPool('connections', (capacity) => {
      this.environment = grownInt32(this.environment, capacity)
      this.next = grownInt32(this.next, capacity)
    })
    this.idleTimeouts = new Timeouts(settings.idleTimeoutUs, world, (connection) => {
      this.forget(connection)
      this.free(connection, false)
    })
    this.holds = new Timeouts(settings.portHoldUs, world, (connection) => {
      this.free(connection, true)
    })
  }

  /** An idle connection of the environment, else a new one; NO_CONNECTION when it gets no port. */
  take(environment: number): number {
    const kept = this.idle.get(environment) ?? NO_CONNECTION
    if (kept !== NO_CONNECTION) {
      this.setIdle(environment, this.next[kept]!)
      this.idleTimeouts.cancel(kept)
      return kept
    }
    if (!this.takePorts(environment)) return NO_CONNECTION
    const connection = this.slots.take()
    this.environment[connection] = environment
    return connection
  }

  /** Its call has been answered. */
  release(connection: number): void {
    if (!this.settings.isKept) {
      this.close(connection)
      return
    }
    const environment = this.environment[connection]!
    this.next[connection] = this.idle.get(environment) ?? NO_CONNECTION
    this.idle.set(environment, connection)
    this.idleTimeouts.start(connection)
  }

  /** Whoever used it does not want it any more. */
  close(connection: number): void {
    const environment = this.environment[connection]!
    for (const source of this.sources) source.close(environment)
    if (this.settings.portHoldUs === 0) {
      this.free(connection, true)
      return
    }
    this.holds.start(connection)
  }

  /**
   * The environment is gone, and its idle connections with it. Nobody has closed them: their ports
   * stay taken until the idle timeout (assumed).
   */
  orphan(environment: number): void {
    this.idle.delete(environment)
  }

  /** All of the sources, or none. */
  private takePorts(environment: number): boolean {
    for (const [index, source] of this.sources.entries()) {
      if (source.take(environment)) continue
      for (const taken of this.sources.slice(0, index)) {
        taken.close(environment)
        taken.free(environment, true)
      }
      return false
    }
    return true
  }

  private free(connection: number, wasClosed: boolean): void {
    const environment = this.environment[connection]!
    for (const source of this.sources) source.free(environment, wasClosed)
    this.slots.give(connection)
  }

  /** Takes it out of the list of its environment, if that still has it. */
  private forget(connection: number): void {
    const environment = this.environment[connection]!
    let before = NO_CONNECTION
    let at = this.idle.get(environment) ?? NO_CONNECTION
    while (at !== NO_CONNECTION && at !== connection) {
      before = at
      at = this.next[at]!
    }
    if (at === NO_CONNECTION) return
    if (before === NO_CONNECTION) this.setIdle(environment, this.next[connection]!)
    else this.next[before] = this.next[connection]!
  }

  private setIdle(environment: number, first: number): void {
    if (first === NO_CONNECTION) this.idle.delete(environment)
    else this.idle.set(environment, first)
  }
}
