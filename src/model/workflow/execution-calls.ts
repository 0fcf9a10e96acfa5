import { CALL_FAILED, CALL_SUCCEEDED } from '../downstream/calls.ts'
import type { CallTarget } from '../downstream/downstream.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'
import { keyOfAttempt } from './actions.ts'
import type { StateMachine } from './state-machine.ts'
import type { ExecutionCaller } from './workflow-account.ts'

/** A call is with the state machine; no state of the handler's. */
const RUNNING = 1

/** Executions that handlers start by StartSyncExecution, from one place in the code. */
export class ExecutionCalls implements CallTarget, ExecutionCaller {
  private readonly machine: StateMachine
  private readonly world: World
  private readonly index: number

  constructor(machine: StateMachine, world: World) {
    this.machine = machine
    this.world = world
    this.index = world.workflows.addCaller(this)
  }

  begin(call: number): void {
    const { machine, world } = this
    const { calls, transitions } = world
    transitions.timeParts?.callEnters(call, machine.path, 'service')
    const stream = calls.stream[call]!
    const key = keyOfAttempt(stream, calls.ordinal[call]!, calls.attempt[call]! + 1)
    calls.state[call] = RUNNING
    calls.next[call] = machine.startSyncExecution(stream, key, this.index, call)
  }

  abandon(call: number): void {
    const { calls, transitions } = this.world
    transitions.timeParts?.callLeaves(call)
    this.machine.disown(calls.next[call]!)
    calls.give(call)
  }

  onExecutionEnded(call: number, _execution: number, isSuccess: boolean): void {
    if (call !== NONE) this.world.calls.answer(call, isSuccess ? CALL_SUCCEEDED : CALL_FAILED)
  }
}
