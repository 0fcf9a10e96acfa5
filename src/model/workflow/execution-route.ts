import type { Door } from '../doors/door.ts'
import type { Integration } from '../doors/integration.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'
import { keyOfAttempt } from './actions.ts'
import type { StateMachine } from './state-machine.ts'
import type { ExecutionCaller } from './workflow-account.ts'

/** Starts executions for the requests that come by one route of a door. */
export class ExecutionRoute implements Integration, ExecutionCaller {
  readonly answersAtOnce: boolean
  readonly servicePath: string
  private readonly door: Door
  private readonly machine: StateMachine
  private readonly index: number

  constructor(door: Door, machine: StateMachine, isSynchronous: boolean, world: World) {
    this.door = door
    this.machine = machine
    this.answersAtOnce = !isSynchronous
    this.servicePath = machine.path
    this.index = world.workflows.addCaller(this)
  }

  begin(call: number, stream: number, ordinal: number, attempt: number): number {
    const { machine } = this
    const key = keyOfAttempt(stream, ordinal, attempt)
    return this.answersAtOnce
      ? machine.startExecution(stream, key, NONE, NONE)
      : machine.startSyncExecution(stream, key, this.index, call)
  }

  abandon(execution: number): void {
    this.machine.disown(execution)
  }

  onExecutionEnded(call: number, _execution: number, isSuccess: boolean): void {
    if (call !== NONE) this.door.onServed(call, isSuccess)
  }
}
