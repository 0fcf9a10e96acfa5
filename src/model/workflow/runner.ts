/**
 * Walks strands through the nodes of a program: enters states, waits, tries again, and gives errors
 * to whoever catches them.
 * Source: AWS Step Functions developer guide, "Workflow states", "Handling errors", "Quotas".
 */
import { hashName } from '../../kernel/generator.ts'
import { InvariantViolation } from '../../kernel/invariant.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import { STATE_ENTERED } from '../transitions.ts'
import { matches, matchesBranch, RUNTIME } from './errors.ts'
import { MOST_HISTORY_EVENTS } from './limits.ts'
import { END, type ProgramNode, type Retrier, type WaitNode } from './program.ts'
import { retryDelayUs } from './retry-delay.ts'
import type { StateMachine } from './state-machine.ts'
import {
  ASLEEP,
  CALL_FAILED,
  CALL_SUCCEEDED,
  COMPLETE,
  ENTER,
  GO_ON,
  REPORTED,
  RETRY,
  TRY_AGAIN,
} from './stores.ts'

/** In place of the next node: the strand waits, or is no more. */
export const WAITS = -2

/** Of a strand's states in one go; then it lets others have their turn at the same instant. */
const MOST_STEPS = 10_000

const LATENCY = hashName('transition-latency')
const JITTER = hashName('retry-jitter')
const WAY = hashName('choice')
const WAIT = hashName('wait')

const US_PER_MS = 1_000
/** Further away than what is in flight usually ends. */
const FAR_US = 10_000_000

export class Runner {
  /** Strands that wait for a state transition. */
  waiting = 0
  private readonly machine: StateMachine
  private readonly wakeKind: number

  constructor(machine: StateMachine) {
    this.machine = machine
    this.wakeKind = machine.world.addEventKind((strand) => this.onWake(strand))
  }

  /** The strand leaves a state for the next one, and goes on for as long as nothing keeps it. */
  goOn(strand: number, first: number): void {
    const { machine } = this
    const { strands } = machine
    let next = first
    for (let steps = 0; next !== WAITS; steps++) {
      if (next === END) {
        machine.endStrand(strand)
        return
      }
      strands.target[strand] = next
      if (steps === MOST_STEPS) {
        this.wakeAt(strand, GO_ON, machine.world.simulator.nowUs)
        return
      }
      if (!this.transit(strand, ENTER)) return
      next = this.enter(strand)
    }
  }

  /** Its attempt has failed: a retrier, a catcher, or nobody takes the error. */
  raise(strand: number, error: string): number {
    const { machine } = this
    const { strands, world } = machine
    const node = machine.nodeOf(strand)
    const takes = node.kind === 'parallel' || node.kind === 'map' ? matchesBranch : matches
    if ('retriers' in node) {
      const place = node.retriers.findIndex(({ errorEquals }) => takes(errorEquals, error))
      if (place >= 0) {
        const retrier = node.retriers[place]!
        const at = strand * machine.retrierCount + place
        const made = strands.retries[at]!
        if (made < retrier.maxAttempts) {
          strands.retries[at] = made + 1
          machine.meter.retry(node.state)
          const delayUs = this.delayOf(strand, retrier, made + 1)
          this.wakeAt(strand, RETRY, Math.round(world.simulator.nowUs + delayUs))
          return WAITS
        }
      }
      const catcher = node.catchers.find(({ errorEquals }) => takes(errorEquals, error))
      if (catcher !== undefined) {
        this.leave(strand)
        return catcher.next
      }
    }
    this.leave(strand)
    machine.failStrand(strand, error)
    return WAITS
  }

  /** Time in the state that the strand is in. */
  leave(strand: number): void {
    const { machine } = this
    const { strands, world } = machine
    const lengthUs = world.simulator.nowUs - strands.enteredUs[strand]!
    machine.meter.leave(machine.nodeOf(strand).state, lengthUs)
  }

  wakeAt(strand: number, wakes: number, atUs: number): void {
    const { strands, world } = this.machine
    strands.wakes[strand] = wakes
    strands.dueUs[strand] = atUs
    strands.pending[strand]!++
    const { simulator } = world
    // Callbacks and waits may take hours, and there may be a million of them.
    if (atUs - simulator.nowUs > FAR_US) {
      simulator.scheduleLater(atUs, RANK_RELEASE, this.wakeKind, strand)
    } else simulator.schedule(atUs, RANK_RELEASE, this.wakeKind, strand)
  }

  /** The transition that it waited for is granted. */
  onTransition(strand: number): void {
    const { strands } = this.machine
    this.waiting--
    if (strands.comes(strand)) return
    if (!this.delay(strand)) this.carryOn(strand, strands.wakes[strand]!)
  }

  /** Adds to the execution's history; true when that was too much and the execution has failed. */
  record(strand: number, events: number): boolean {
    const { machine } = this
    const { executions, strands } = machine
    const execution = strands.execution[strand]!
    const count = executions.events[execution]! + events
    executions.events[execution] = count
    if (count < MOST_HISTORY_EVENTS || executions.isExpress[execution] === 1) return false
    machine.fail(execution, RUNTIME)
    return true
  }

  private onWake(strand: number): void {
    const { strands, world } = this.machine
    if (strands.comes(strand)) return
    const wakes = strands.wakes[strand]!
    // A timeout may have taken it elsewhere since.
    if (wakes === ASLEEP || strands.dueUs[strand] !== world.simulator.nowUs) return
    strands.wakes[strand] = ASLEEP
    if (wakes === GO_ON) this.goOn(strand, strands.target[strand]!)
    else if (wakes === RETRY) {
      if (this.transit(strand, TRY_AGAIN)) this.carryOn(strand, TRY_AGAIN)
    } else this.carryOn(strand, wakes)
  }

  private carryOn(strand: number, wakes: number): void {
    const { machine } = this
    machine.strands.wakes[strand] = ASLEEP
    switch (wakes) {
      case ENTER:
        this.goOnFrom(strand, this.enter(strand))
        break
      case TRY_AGAIN:
        this.goOnFrom(strand, this.tryAgain(strand))
        break
      case CALL_SUCCEEDED:
        this.goOnFrom(strand, machine.tasks.called(strand))
        break
      case CALL_FAILED:
        this.goOnFrom(strand, machine.tasks.childFailed(strand))
        break
      case COMPLETE:
        this.goOnFrom(strand, this.complete(strand))
        break
      case REPORTED:
        this.goOnFrom(strand, machine.tasks.reported(strand))
        break
      default:
        throw new InvariantViolation(`${machine.path}: a strand wakes for ${wakes}`)
    }
  }

  /** The time that its state takes is over. */
  private complete(strand: number): number {
    const { machine } = this
    const node = machine.nodeOf(strand)
    if (node.kind === 'task') return machine.tasks.complete(strand, node)
    this.leave(strand)
    return (node as WaitNode).next
  }

  goOnFrom(strand: number, next: number): void {
    if (next !== WAITS) this.goOn(strand, next)
  }

  /** Whether the transition takes place now; otherwise the strand goes on with `wakes` later. */
  private transit(strand: number, wakes: number): boolean {
    const { machine } = this
    const { executions, strands } = machine
    const isStandard = executions.isExpress[strands.execution[strand]!] === 0
    machine.meter.transit(isStandard)
    if (isStandard) {
      strands.wakes[strand] = wakes
      if (!machine.account.transit(machine.index, strand)) {
        strands.pending[strand]!++
        this.waiting++
        machine.meter.throttled!.add(1)
        return false
      }
    }
    if (machine.latency === null) return true
    strands.wakes[strand] = wakes
    return !this.delay(strand)
  }

  /** True when the state begins later than its transition. */
  private delay(strand: number): boolean {
    const { draws, latency, strands, world } = this.machine
    if (latency === null) return false
    const delayUs = latency.sample(draws.draw(strand, LATENCY))
    const atUs = Math.round(world.simulator.nowUs + delayUs)
    this.wakeAt(strand, strands.wakes[strand]!, atUs)
    return true
  }

  private enter(strand: number): number {
    const { machine } = this
    const { strands, world } = machine
    const at = strands.target[strand]!
    const node = machine.program.nodes[at]!
    strands.node[strand] = at
    strands.enteredUs[strand] = world.simulator.nowUs
    strands.visits[strand]!++
    strands.attempt[strand] = 1
    machine.announce(STATE_ENTERED, machine.stateHashes[node.state]!, strand)
    if ('retriers' in node && node.retriers.length > 0) {
      const first = strand * machine.retrierCount
      strands.retries.fill(0, first, first + node.retriers.length)
    }
    // StateEntered and StateExited.
    if (this.record(strand, 2)) return WAITS
    return this.begin(strand, node)
  }

  private tryAgain(strand: number): number {
    this.machine.strands.attempt[strand]!++
    return this.begin(strand, this.machine.nodeOf(strand))
  }

  private begin(strand: number, node: ProgramNode): number {
    const { machine } = this
    switch (node.kind) {
      case 'pass':
        return node.next
      case 'choice': {
        const draw = machine.draws.draw(strand, WAY).nextUniform()
        for (const way of node.ways) if (draw < way.upTo) return way.next
        return node.ways.at(-1)!.next
      }
      case 'wait':
        return this.wait(strand, node)
      case 'succeed':
        return END
      case 'fail':
        return this.raise(strand, node.error)
      case 'task':
        return machine.tasks.begin(strand, node)
      case 'parallel':
        return machine.forks.begin(strand, node.branches.length)
      case 'map':
        return machine.forks.beginMap(strand, node)
    }
  }

  private wait(strand: number, node: WaitNode): number {
    const { draws, durations, world } = this.machine
    const { nowUs } = world.simulator
    let atUs = nowUs
    if (node.untilMs !== null) {
      atUs = Math.max(nowUs, (node.untilMs - world.settings.startsAtMs) * US_PER_MS)
    } else if (node.lengthUs !== null) atUs = nowUs + node.lengthUs
    else atUs = Math.round(nowUs + durations[node.state]!.sample(draws.draw(strand, WAIT)))
    this.wakeAt(strand, COMPLETE, atUs)
    return WAITS
  }

  private delayOf(strand: number, retrier: Retrier, retry: number): number {
    const draw = retrier.isJittered ? this.machine.draws.draw(strand, JITTER).nextUniform() : 1
    return retryDelayUs(retrier, retry, draw)
  }
}
