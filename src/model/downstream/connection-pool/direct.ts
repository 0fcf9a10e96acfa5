import type { World } from '../../world.ts'
import { CALL_REFUSED } from '../calls.ts'
import { Database } from './database.ts'
import type { ConnectionPoolConfig } from './schema.ts'

/**
 * Every environment opens a connection of its own with its first call, and keeps it until it is
 * retired or reset, or until the end of the invocation. The calls of one environment share it.
 */
export class DirectConnections extends Database {
  /** By environment: whether it has a connection. */
  private readonly holders = new Set<number>()
  private readonly isKept: boolean

  constructor(name: string, config: ConnectionPoolConfig, world: World) {
    super(name, config, world)
    this.isKept = config.connection === 'per-environment'
  }

  onInvocationEnd(environment: number): void {
    if (!this.isKept) this.close(environment)
  }

  onEnvironmentGone(environment: number): void {
    this.close(environment)
  }

  protected enter(call: number): void {
    const environment = this.world.calls.environment[call]!
    if (this.holders.has(environment)) {
      this.serve(call)
    } else if (this.holders.size < this.config.maxConnections) {
      this.holders.add(environment)
      this.connections.set(this.holders.size)
      this.openConnection(call)
    } else {
      this.connectionErrors.add(1)
      this.answerSoon(call, CALL_REFUSED)
    }
  }

  /** The connection is the environment's, not the call's. */
  protected release(): void {}

  private close(environment: number): void {
    if (this.holders.delete(environment)) this.connections.set(this.holders.size)
  }
}
