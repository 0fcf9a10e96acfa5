/**
 * An AWS Step Functions state machine: takes what starts executions, and closes them.
 * Source: AWS Step Functions developer guide, "Choosing workflow type in Step Functions", "Quotas".
 */
import { hashName } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { RANK_ARRIVAL } from '../../kernel/order.ts'
import type { Distribution } from '../distributions/distribution.ts'
import { NONE, ORDINAL, SIZE_BYTES } from '../messages/message-store.ts'
import type { Book } from '../metrics/ledger.ts'
import type { Backlog, LimitUse, Part } from '../part.ts'
import { ACCEPTED, type Acceptance, REJECTED, type Target, THROTTLED } from '../resources/target.ts'
import { EXECUTION_ENDED, EXECUTION_STARTED, foldOrdinal } from '../transitions.ts'
import type { World } from '../world.ts'
import { definitionOf, type StateMachineConfig } from './config.ts'
import { Draws } from './draws.ts'
import { ForkRunner } from './forks.ts'
import { Lifetimes } from './lifetimes.ts'
import { LARGEST_DOCUMENT_BYTES } from './limits.ts'
import { machineMetrics, metricsOf } from './metrics.ts'
import { mostRetriers, type ProgramNode, type StateMachineProgram } from './program.ts'
import { Redrives } from './redrives.ts'
import { Runner } from './runner.ts'
import { created, statedTimes } from './stated-times.ts'
import {
  CALL_FAILED,
  CALL_SUCCEEDED,
  CHILD,
  DUPLICATE,
  Executions,
  ORDINARY,
  Strands,
} from './stores.ts'
import { Tasks } from './tasks.ts'
import type { ExecutionCaller, Workflow, WorkflowAccount } from './workflow-account.ts'
import { type Closing, WorkflowMeter } from './workflow-meter.ts'

const DUPLICATES = hashName('duplicate')

export class StateMachine implements Part, Target, Workflow, ExecutionCaller {
  readonly scope = 'stateMachine'
  readonly name: string
  readonly path: string
  readonly world: World
  readonly program: StateMachineProgram
  /** Among the state machines, and among those who wait for executions. */
  readonly index: number
  readonly callerIndex: number
  readonly account: WorkflowAccount
  readonly meter: WorkflowMeter
  readonly executions: Executions
  readonly strands: Strands
  readonly draws: Draws
  readonly runner: Runner
  readonly tasks: Tasks
  readonly forks: ForkRunner
  /** Retriers of a node at most: how far apart the counters of strands lie. */
  readonly retrierCount: number
  /** Names of the states as outputs may hold them, and their hashes. */
  readonly places: readonly string[]
  readonly stateHashes: readonly number[]
  /** By state; undefined where the scenario states none. */
  readonly durations: readonly (Distribution | undefined)[]
  readonly itemCounts: readonly (Distribution | undefined)[]
  readonly latency: Distribution | null
  private readonly config: StateMachineConfig
  private readonly isExpress: boolean
  private readonly hash: number
  private readonly lifetimes: Lifetimes
  private readonly startKind: number
  private readonly redrives: Redrives
  private open = 0
  /** Of those the ones that the book has: duplicates are none of its things. */
  private openEntered = 0

  constructor(name: string, config: StateMachineConfig, world: World) {
    const { program } = definitionOf(config)
    this.name = name
    this.path = `stateMachines.${name}`
    this.config = config
    this.world = world
    this.program = program
    this.account = world.workflows
    this.index = world.workflows.add(this)
    this.callerIndex = world.workflows.addCaller(this)
    this.isExpress = config.type === 'EXPRESS'
    this.hash = hashName(this.path)
    this.meter = new WorkflowMeter(world.recorder, name, program, machineMetrics(config))
    this.retrierCount = mostRetriers(program)
    this.executions = new Executions(name, world.simulator.clock)
    this.strands = new Strands(name, this.retrierCount)
    this.draws = new Draws(`${world.streamRoot}/${this.path}`, this.executions, this.strands)
    this.places = metricsOf(program).map(({ place }) => place)
    this.stateHashes = program.states.map((state) => hashName(`${this.path}/${state}`))
    this.durations = statedTimes(config, program)
    this.itemCounts = program.states.map((state) => created(config.items[state]))
    this.latency = created(config.transitionLatency) ?? null
    this.runner = new Runner(this)
    this.tasks = new Tasks(this)
    this.forks = new ForkRunner(this)
    this.redrives = new Redrives(this)
    this.startKind = world.addEventKind((strand) => this.begin(strand))
    this.lifetimes = new Lifetimes(program, this.isExpress, world, (execution) =>
      this.timeOut(execution),
    )
  }

  connect(): void {
    this.tasks.connect()
  }

  /** StartExecution. */
  accept(message: number): Acceptance {
    const { births, messages } = this.world
    if (messages.ints[8 * message + SIZE_BYTES]! > LARGEST_DOCUMENT_BYTES) return REJECTED
    const ordinal = messages.reals[4 * message + ORDINAL]!
    const execution = this.startExecution(births.streamOf(message), ordinal, NONE, NONE)
    if (execution === NONE) return THROTTLED
    messages.give(message)
    return ACCEPTED
  }

  /**
   * StartExecution: returns the execution, which begins at this instant, or NONE where it is refused.
   * `caller` is told the end of it for `subject`; NONE: nobody is.
   */
  startExecution(stream: number, key: number, caller: number, subject: number): number {
    if (!this.account.admits(this.isExpress)) {
      this.meter.refused.add(1)
      return NONE
    }
    const execution = this.startSyncExecution(stream, key, caller, subject)
    if (this.config.duplicateExecutions > 0) this.duplicate(execution)
    return execution
  }

  /** StartSyncExecution: no quota holds for it, and it runs at most once. */
  startSyncExecution(stream: number, key: number, caller: number, subject: number): number {
    const { draws, executions, program } = this
    const own = draws.streamOf(stream)
    const first = draws.startOf(program.starts, own, key)
    const execution = this.openExecution(own, key, ORDINARY, first)
    executions.caller[execution] = caller
    executions.subject[execution] = subject
    return execution
  }

  /** Nobody waits for the execution any more, and it goes on. */
  disown(execution: number): void {
    this.executions.subject[execution] = NONE
  }

  /** Opens an execution that begins with `node` in an event of its own. */
  openExecution(stream: number, key: number, kind: number, node: number): number {
    const { meter, world } = this
    const execution = this.executions.open(stream, key, kind, this.isExpress)
    this.open++
    if (kind === ORDINARY) this.openEntered++
    meter.start(kind === ORDINARY)
    if (!this.isExpress) this.account.openOne()
    this.lifetimes.start(execution)
    const strand = this.strands.open(execution, key)
    this.executions.root[execution] = strand
    this.strands.target[strand] = node
    this.strands.pending[strand]!++
    world.simulator.schedule(world.simulator.nowUs, RANK_ARRIVAL, this.startKind, strand)
    return execution
  }

  /** A child execution of a distributed Map; returns its strand. */
  startChild(parent: number, key: number, isExpress: boolean): number {
    const { executions, strands } = this
    const stream = executions.stream[strands.execution[parent]!]!
    const execution = executions.open(stream, key, CHILD, isExpress)
    this.meter.children!.add(1)
    if (isExpress) this.lifetimes.startChild(execution)
    const strand = this.strands.open(execution, key)
    executions.root[execution] = strand
    return strand
  }

  nodeOf(strand: number): ProgramNode {
    return this.program.nodes[this.strands.node[strand]!]!
  }

  errorsOf(state: number): Readonly<Record<string, number>> {
    return this.config.errors[this.program.states[state]!] ?? {}
  }

  announce(code: number, entity: number, strand: number): void {
    const ordinal = foldOrdinal(this.strands.key[strand]!)
    this.world.transitions.announce(code, entity, ordinal, strand)
  }

  /** It has come to its end. */
  endStrand(strand: number): void {
    const owner = this.strands.owner[strand]!
    if (owner === NONE) this.close(this.strands.execution[strand]!, 'succeeded')
    else this.endChild(owner, strand, null)
  }

  /** Nothing has caught its error. */
  failStrand(strand: number, error: string): void {
    const owner = this.strands.owner[strand]!
    if (owner === NONE) this.close(this.strands.execution[strand]!, 'failed')
    else this.endChild(owner, strand, error)
  }

  /** The whole execution fails, wherever its strands are. */
  fail(execution: number, error: string): void {
    const root = this.executions.root[execution]!
    if (this.strands.owner[root] === NONE) this.close(execution, 'failed')
    else this.failChild(execution, error)
  }

  /** It is stopped because nobody waits for it any more. */
  abort(execution: number): void {
    this.close(execution, 'aborted')
  }

  /** Stops a strand of a fork. */
  killChild(strand: number): void {
    const execution = this.strands.execution[strand]!
    const isChild = this.isRootOfChild(strand)
    this.kill(strand)
    if (isChild) this.giveChild(execution)
  }

  onTransition(strand: number): void {
    this.runner.onTransition(strand)
  }

  onMapRun(strand: number): boolean {
    return this.forks.onMapRun(strand)
  }

  onExecutionEnded(strand: number, _execution: number, isSuccess: boolean): void {
    this.strands.call[strand] = NONE
    const wakes = isSuccess ? CALL_SUCCEEDED : CALL_FAILED
    this.runner.wakeAt(strand, wakes, this.world.simulator.nowUs)
  }

  pending(): number {
    return this.open + this.redrives.waiting
  }

  /** State transitions that wait for a token. */
  backlog(): Backlog {
    const { waiting } = this.runner
    const heldBy = { cause: 'state-transitions', at: 'account.stepFunctions.stateTransition' }
    return {
      scope: this.scope,
      name: this.name,
      waiting,
      total: this.meter.billed.transitions,
      heldBy: waiting > 0 ? heldBy : null,
    }
  }

  limitUses(): readonly LimitUse[] {
    return this.index === 0 ? this.account.limitUses() : []
  }

  command(verb: string, _options: unknown): void {
    invariant(verb === 'redriveExecutions', () => `a state machine does not know ${verb}`)
    this.redrives.begin()
  }

  closeBooks(): readonly Book[] {
    const { ledger, open } = this.meter
    invariant(open.level === this.open, () => `${this.path} counts ${this.open} executions`)
    this.tasks.checkBooks()
    this.forks.closeBooks()
    ledger.close(0, this.openEntered)
    return [ledger, ...this.forks.ledgers]
  }

  private begin(strand: number): void {
    const { strands } = this
    if (strands.comes(strand)) return
    this.announce(EXECUTION_STARTED, this.hash, strand)
    this.runner.goOn(strand, strands.target[strand]!)
  }

  private duplicate(original: number): void {
    const { executions, strands } = this
    const { duplicateExecutions } = this.config
    const root = executions.root[original]!
    if (this.draws.draw(root, DUPLICATES).nextUniform() >= duplicateExecutions) return
    this.meter.duplicates!.add(1)
    const [stream, key] = [executions.stream[original]!, executions.key[original]!]
    // Another key: what it calls takes its own time.
    this.openExecution(stream ^ DUPLICATES, key, DUPLICATE, strands.target[root]!)
  }

  /** An execution that is no child comes to its end. */
  private close(execution: number, closing: Closing): void {
    const { executions, meter, strands, world } = this
    const root = executions.root[execution]!
    this.announce(EXECUTION_ENDED, this.hash, root)
    if (closing !== 'succeeded' && !this.isExpress) this.redrives.note(execution, closing)
    this.kill(root)
    this.lifetimes.cancel(execution)
    const lengthUs = world.simulator.nowUs - executions.startedUs[execution]!
    const isEntered = executions.kind[execution] === ORDINARY
    meter.end(closing, isEntered, lengthUs)
    this.open--
    if (isEntered) this.openEntered--
    if (!this.isExpress) this.account.openStandard--
    invariant(strands.isDead[root] === 1, () => `${this.path}: an execution goes on after its end`)
    const caller = executions.caller[execution]!
    const subject = executions.subject[execution]!
    executions.give(execution)
    // Last, because it may start another execution at once.
    if (caller === NONE || closing === 'aborted') return
    this.account.callers[caller]!.onExecutionEnded(subject, execution, closing === 'succeeded')
  }

  private timeOut(execution: number): void {
    if (this.executions.kind[execution] === CHILD) this.failChild(execution, 'States.Timeout')
    else this.close(execution, 'timedOut')
  }

  private failChild(execution: number, error: string): void {
    const root = this.executions.root[execution]!
    this.endChild(this.strands.owner[root]!, root, error)
  }

  /** A strand of a fork is over. */
  private endChild(owner: number, strand: number, error: string | null): void {
    const execution = this.strands.execution[strand]!
    const isChild = this.isRootOfChild(strand)
    this.kill(strand)
    if (isChild) this.giveChild(execution)
    this.forks.onChildEnded(owner, strand, error)
  }

  private isRootOfChild(strand: number): boolean {
    const { executions, strands } = this
    const execution = strands.execution[strand]!
    return executions.kind[execution] === CHILD && executions.root[execution] === strand
  }

  private giveChild(execution: number): void {
    const { executions, world } = this
    if (executions.isExpress[execution] === 1) {
      this.lifetimes.cancelChild(execution)
      this.meter.bill(world.simulator.nowUs - executions.startedUs[execution]!)
    }
    executions.give(execution)
  }

  private kill(strand: number): void {
    const fork = this.strands.fork[strand]!
    if (fork !== NONE) this.forks.kill(fork)
    if (this.strands.node[strand] !== NONE) this.tasks.abandon(strand)
    this.strands.retire(strand)
  }
}
