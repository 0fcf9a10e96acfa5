/**
 * Task states: what they call, how long that takes, and what ends them.
 * Source: AWS Step Functions developer guide, "Task workflow state", "Discover service integration
 * patterns in Step Functions".
 */
import { hashName } from '../../kernel/generator.ts'
import { NONE } from '../messages/message-store.ts'
import { Timeouts } from '../timeouts.ts'
import { CallSite } from './call-site.ts'
import { HEARTBEAT_TIMEOUT, TIMEOUT } from './errors.ts'
import type { Outcome, TaskNode } from './program.ts'
import { WAITS } from './runner.ts'
import type { StateMachine } from './state-machine.ts'
import { ASLEEP, COMPLETE, REPORTED } from './stores.ts'

const OUTCOME = hashName('outcome')
const DURATION = hashName('task-duration')

export class Tasks {
  readonly sites: readonly CallSite[]
  private readonly machine: StateMachine
  /** By length, us. */
  private readonly timeouts = new Map<number, Timeouts>()
  private readonly heartbeats = new Map<number, Timeouts>()

  constructor(machine: StateMachine) {
    this.machine = machine
    this.sites = machine.program.sites.map((site) => new CallSite(site, machine))
    for (const node of machine.program.nodes) {
      if (node.kind !== 'task') continue
      this.addTimeouts(this.timeouts, node.timeoutUs, TIMEOUT)
      if (this.sites[node.site]!.isCallback) {
        this.addTimeouts(this.heartbeats, node.heartbeatUs, HEARTBEAT_TIMEOUT)
      }
    }
  }

  connect(): void {
    for (const site of this.sites) site.connect()
  }

  /** An attempt; returns the next node if it is over at once. */
  begin(strand: number, node: TaskNode): number {
    const { machine } = this
    const { strands, world } = machine
    const site = this.sites[node.site]!
    strands.calledUs[strand] = world.simulator.nowUs
    strands.call[strand] = NONE
    if (machine.runner.record(strand, site.historyEvents)) return WAITS
    site.meter.scheduled.add(1)
    const refusal = site.call(strand)
    if (refusal !== null) {
      site.meter.failed.add(1)
      return machine.runner.raise(strand, refusal)
    }
    site.meter.started?.add(1)
    if (strands.call[strand] === NONE) return this.called(strand)
    this.startTimeouts(strand, node)
    return WAITS
  }

  /** What the task called has taken the call, or has answered well. */
  called(strand: number): number {
    const { machine } = this
    const { draws, durations, strands, world } = machine
    const node = machine.nodeOf(strand) as TaskNode
    const site = this.sites[node.site]!
    const hasWaited = strands.call[strand] !== NONE || site.isAwaitedExecution
    strands.call[strand] = NONE
    const duration = site.takesStatedTime ? durations[node.state] : undefined
    const { isNever } = this.outcomeOf(strand, node)
    if (duration === undefined && !isNever) return this.complete(strand, node)
    if (!hasWaited) this.startTimeouts(strand, node)
    if (isNever || duration === undefined) return WAITS
    // Who works on it reports in time.
    this.cancel(this.heartbeats, node.heartbeatUs, strand)
    const lengthUs = duration.sample(draws.draw(strand, DURATION))
    machine.runner.wakeAt(strand, COMPLETE, Math.round(world.simulator.nowUs + lengthUs))
    return WAITS
  }

  /** The stated time is over. Of a callback, who worked on it calls SendTaskSuccess or SendTaskFailure. */
  complete(strand: number, node: TaskNode): number {
    const { machine } = this
    if (!this.sites[node.site]!.isCallback) return this.settle(strand, node)
    const atUs = machine.account.sendTaskUs()
    if (atUs === machine.world.simulator.nowUs) return this.settle(strand, node)
    machine.meter.sendTaskThrottled!.add(1)
    machine.runner.wakeAt(strand, REPORTED, atUs)
    return WAITS
  }

  /** The result of a callback is taken. */
  reported(strand: number): number {
    return this.settle(strand, this.machine.nodeOf(strand) as TaskNode)
  }

  /** The function that the task called has failed. */
  failed(strand: number, error: string): number {
    const { machine } = this
    const node = machine.nodeOf(strand) as TaskNode
    this.stopTimeouts(strand, node)
    this.count(strand, node, false)
    return machine.runner.raise(strand, error)
  }

  /** The execution that the task waits for has failed. */
  childFailed(strand: number): number {
    return this.failed(strand, 'States.TaskFailed')
  }

  /** Its strand is stopped from outside. */
  abandon(strand: number): void {
    const { machine } = this
    const node = machine.nodeOf(strand)
    if (node.kind !== 'task') return
    this.stopTimeouts(strand, node)
    this.dropCall(strand, node)
  }

  checkBooks(): void {
    for (const site of this.sites) site.check()
  }

  private settle(strand: number, node: TaskNode): number {
    const { machine } = this
    this.stopTimeouts(strand, node)
    const outcome = this.outcomeOf(strand, node)
    this.count(strand, node, outcome.error === null)
    if (outcome.error !== null) return machine.runner.raise(strand, outcome.error)
    machine.runner.leave(strand)
    return outcome.next
  }

  private outcomeOf(strand: number, { outcomes }: TaskNode): Outcome {
    if (outcomes.length === 1) return outcomes[0]!
    const draw = this.machine.draws.draw(strand, OUTCOME).nextUniform()
    for (const outcome of outcomes) if (draw < outcome.upTo) return outcome
    return outcomes.at(-1)!
  }

  private onTimeout(strand: number, error: string): void {
    const { machine } = this
    const node = machine.nodeOf(strand) as TaskNode
    this.stopTimeouts(strand, node)
    this.dropCall(strand, node)
    machine.strands.wakes[strand] = ASLEEP
    this.sites[node.site]!.meter.timedOut.add(1)
    machine.runner.goOnFrom(strand, machine.runner.raise(strand, error))
  }

  private dropCall(strand: number, node: TaskNode): void {
    const { strands } = this.machine
    const call = strands.call[strand]!
    if (call === NONE) return
    strands.call[strand] = NONE
    this.sites[node.site]!.abandon(call)
  }

  private count(strand: number, node: TaskNode, isSuccess: boolean): void {
    const { strands, world } = this.machine
    const { meter } = this.sites[node.site]!
    if (isSuccess) meter.succeeded.add(1)
    else meter.failed.add(1)
    meter.time.record(world.simulator.nowUs - strands.calledUs[strand]!)
  }

  private startTimeouts(strand: number, { timeoutUs, heartbeatUs }: TaskNode): void {
    if (timeoutUs !== null) this.timeouts.get(timeoutUs)!.start(strand)
    if (heartbeatUs !== null) this.heartbeats.get(heartbeatUs)?.start(strand)
  }

  private stopTimeouts(strand: number, { timeoutUs, heartbeatUs }: TaskNode): void {
    this.cancel(this.timeouts, timeoutUs, strand)
    this.cancel(this.heartbeats, heartbeatUs, strand)
  }

  private cancel(lanes: Map<number, Timeouts>, lengthUs: number | null, strand: number) {
    if (lengthUs !== null) lanes.get(lengthUs)?.cancel(strand)
  }

  private addTimeouts(lanes: Map<number, Timeouts>, lengthUs: number | null, error: string): void {
    if (lengthUs === null || lanes.has(lengthUs)) return
    const { world } = this.machine
    lanes.set(lengthUs, new Timeouts(lengthUs, world, (strand) => this.onTimeout(strand, error)))
  }
}
