import { hashName } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { Caller, type CallerOptions, FAILED } from '../clients/caller.ts'
import { NONE } from '../messages/message-store.ts'
import type { World } from '../world.ts'
import { keyOfAttempt } from './actions.ts'
import type { StateMachine } from './state-machine.ts'
import type { ExecutionCaller } from './workflow-account.ts'

export interface SyncExecutionCallerOptions extends CallerOptions {
  /** `stateMachines.quote`. */
  readonly machinePath: string
}

/**
 * A caller that starts executions by StartSyncExecution and waits for their ends.
 * Source: AWS Step Functions API reference, StartSyncExecution: 200 also where the execution failed.
 */
export class SyncExecutionCaller extends Caller implements ExecutionCaller {
  private readonly options: SyncExecutionCallerOptions
  private readonly stream: number
  private readonly index: number
  private machine: StateMachine | null = null
  private waiting = 0

  constructor(options: SyncExecutionCallerOptions, world: World) {
    super(options, world)
    this.options = options
    this.stream = hashName(options.streamName)
    this.index = world.workflows.addCaller(this)
  }

  connect(): void {
    this.machine = this.world.part(this.options.machinePath) as StateMachine
  }

  onExecutionEnded(request: number, execution: number, isSuccess: boolean): void {
    const { timeParts } = this.world.transitions
    timeParts?.doorAnswers(this, execution, 0, isSuccess ? 'succeeded' : 'failed')
    if (request === NONE) return
    this.waiting--
    this.cancelTimeout(request)
    const latencyUs = this.waitedUs(request)
    const { retriesFunctionErrors } = this.options.client
    if (!isSuccess && retriesFunctionErrors) this.failed(request, FAILED, latencyUs)
    else this.ended(request, isSuccess ? 0 : FAILED, latencyUs)
  }

  protected dispatch(request: number, number: number): void {
    const { machine, requests, stream, world } = this
    const key = keyOfAttempt(stream, requests.ordinal[request]!, number)
    const execution = machine!.startSyncExecution(stream, key, this.index, request)
    requests.await(request, execution)
    this.waiting++
    const { timeParts } = world.transitions
    timeParts?.callerEnters(this, request, this, execution)
    timeParts?.serviceBegins(this, execution, machine!.path)
    this.admitted(request)
    this.startTimeout(request)
  }

  protected disown(execution: number): void {
    this.waiting--
    this.machine!.disown(execution)
  }

  protected checkAttempts(awaited: number): void {
    invariant(
      awaited === this.waiting,
      () => `${this.path}: ${awaited} attempts waited for, ${this.waiting} executions`,
    )
  }
}
