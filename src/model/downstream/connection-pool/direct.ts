import type { World } from '../../world.ts'
import { CALL_REFUSED } from '../calls.ts'
import { Database } from './database.ts'
import type { ConnectionPoolConfig } from './schema.ts'

/**
 * Every environment opens a connection of its own with its first call, and keeps it until it is
 * retired or reset, or until the end of the invocation. The calls of one environment share it.
 */
export class DirectConnections extends Database {
  /** By environment: when its connection is open. */
  private readonly holders = new Map<number, number>()
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

  protected override enter(call: number): void {
    const environment = this.world.calls.environment[call]!
    const openUs = this.holders.get(environment)
    if (openUs !== undefined) {
      // Who gave up while it was being opened left it to the environment's next call.
      if (openUs <= this.world.simulator.nowUs) this.serve(call)
      else this.awaitConnection(call, openUs)
    } else if (this.holders.size < this.most) {
      this.holders.set(environment, this.openConnection(call))
      this.setConnections(this.holders.size)
    } else {
      this.connectionErrors.add(1)
      this.answerSoon(call, CALL_REFUSED)
    }
  }

  /** The connection is the environment's, not the call's. */
  protected release(): void {}

  private close(environment: number): void {
    if (this.holders.delete(environment)) this.setConnections(this.holders.size)
  }
}
