/**
 * Parallel and Map states: several strands that one waits for.
 * Source: AWS Step Functions developer guide, "Parallel workflow state", "Map workflow state",
 * "Using Map state in Distributed mode", "Quotas".
 */
import { hashName } from '../../kernel/generator.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import { NONE } from '../messages/message-store.ts'
import { Ledger } from '../metrics/ledger.ts'
import { EXCEEDED_TOLERANCE } from './errors.ts'
import {
  bitOf,
  doneFrom,
  exceeds,
  firstNode,
  gapBetweenChildrenUs,
  hasPlaces,
  isDone,
  mostAtOnce,
} from './fork-shapes.ts'
import { metricsOf } from './metrics.ts'
import type { MapNode, ParallelNode } from './program.ts'
import { WAITS } from './runner.ts'
import type { StateMachine } from './state-machine.ts'
import { Forks } from './stores.ts'

const ITEMS = hashName('items')

/** ParallelStateStarted and ParallelStateSucceeded, or those of a Map. */
const EVENTS_OF_FORK = 2
/** MapRunStarted and MapRunSucceeded beside those. */
const EVENTS_OF_MAP_RUN = 4

export class ForkRunner {
  readonly store: Forks
  private readonly machine: StateMachine
  private readonly dispatchKind: number
  /** Of distributed Maps, by state: an entry per item. */
  private readonly books = new Map<number, Ledger>()
  /** Items of distributed Maps that no child has taken yet, by state. */
  private readonly untaken = new Map<number, number>()

  constructor(machine: StateMachine) {
    this.machine = machine
    this.store = new Forks(machine.path)
    this.dispatchKind = machine.world.addEventKind((fork) => this.onDispatch(fork))
    const { program, name } = machine
    const states = metricsOf(program)
    for (const node of program.nodes) {
      if (node.kind !== 'map' || node.distributed === null || this.books.has(node.state)) continue
      this.books.set(node.state, new Ledger('stateMachine', `${name}.${states[node.state]!.place}`))
      this.untaken.set(node.state, 0)
    }
  }

  get ledgers(): readonly Ledger[] {
    return [...this.books.values()]
  }

  closeBooks(): void {
    for (const [state, book] of this.books) {
      const open = book.entered - book.counts.succeeded - book.counts.failed - book.counts.dropped
      const queued = this.untaken.get(state)!
      book.close(queued, open - queued)
    }
  }

  beginMap(strand: number, node: MapNode): number {
    const { draws, itemCounts } = this.machine
    const drawn = (): number => {
      const items = Math.round(itemCounts[node.state]!.sample(draws.draw(strand, ITEMS)))
      return Math.min(node.mostItems, Math.max(0, items))
    }
    const resumed = this.resumedBy(strand)
    const count =
      resumed === NONE ? (node.count ?? drawn()) : this.machine.executions.forkTotal[resumed]!
    return this.begin(strand, count, node.distributed === null ? EVENTS_OF_FORK : EVENTS_OF_MAP_RUN)
  }

  /** Starts so many branches or items; returns the next node if they are over at once. */
  begin(strand: number, total: number, historyEvents = EVENTS_OF_FORK): number {
    const { machine, store } = this
    if (machine.runner.record(strand, historyEvents)) return WAITS
    const fork = store.take()
    store.strand[fork] = strand
    store.node[fork] = machine.strands.node[strand]!
    store.total[fork] = total
    store.failed[fork] = 0
    this.resume(fork, this.resumedBy(strand))
    this.enterItems(fork)
    store.live[fork] = 0
    store.firstChild[fork] = NONE
    store.nextStartUs[fork] = 0
    store.errors[fork] = ''
    machine.strands.fork[strand] = fork
    if (this.isMapRun(fork) && !machine.account.openMapRun(machine.index, strand)) {
      machine.strands.pending[strand]!++
      store.isQueued[fork] = 1
      return WAITS
    }
    return this.startMore(fork)
  }

  /** What is done of the strand's Parallel or Map state, for a redrive: a count, or a mask. */
  doneOf(fork: number): number {
    const { doneMask, ended, failed } = this.store
    return hasPlaces(this.nodeOf(fork)) ? doneMask[fork]! : ended[fork]! - failed[fork]!
  }

  /** The execution of a strand that goes on in the middle of its state, or NONE. */
  private resumedBy(strand: number): number {
    const { executions, strands } = this.machine
    const execution = strands.execution[strand]!
    const isFirst = strands.visits[strand] === 1 && strands.attempt[strand] === 1
    if (!isFirst || executions.forkNode[execution] !== strands.node[strand]) return NONE
    return executions.root[execution] === strand ? execution : NONE
  }

  /** What is done is not done again; `execution` NONE: nothing is. */
  private resume(fork: number, execution: number): void {
    const { store } = this
    const done = execution === NONE ? 0 : this.machine.executions.forkDone[execution]!
    const isMask = hasPlaces(this.nodeOf(fork))
    store.doneMask[fork] = isMask ? done : 0
    store.ended[fork] = isMask ? doneFrom(done, 0) : done
    store.started[fork] = isMask ? 0 : done
    this.skipDone(fork)
  }

  private skipDone(fork: number): void {
    const { doneMask, started, total } = this.store
    while (started[fork]! < total[fork]! && isDone(doneMask[fork]!, started[fork]!))
      started[fork]!++
  }

  private enterItems(fork: number): void {
    const { state } = this.nodeOf(fork)
    const book = this.books.get(state)
    if (book === undefined) return
    const items = this.store.total[fork]! - this.store.ended[fork]!
    book.entered += items
    this.changeUntaken(state, items)
  }

  /** The Map Run of a strand may begin; false: nobody is there for it any more. */
  onMapRun(strand: number): boolean {
    const { machine, store } = this
    if (machine.strands.comes(strand)) return false
    const fork = machine.strands.fork[strand]!
    store.isQueued[fork] = 0
    machine.runner.goOnFrom(strand, this.startMore(fork))
    return true
  }

  /** A strand of the fork is over; it is retired already. */
  onChildEnded(fork: number, child: number, error: string | null): void {
    const { store } = this
    const { strands, runner } = this.machine
    this.unlink(fork, child)
    const items = strands.items[child]!
    store.ended[fork]! += items
    store.live[fork]!--
    const state = this.nodeOf(fork).state
    if (error === null) store.doneMask[fork]! |= bitOf(strands.index[child]!)
    else {
      if (store.failed[fork] === 0) store.errors[fork] = error
      store.failed[fork]! += items
    }
    this.books.get(state)?.settle(error === null ? 'succeeded' : 'failed', items)
    if (store.isBusy[fork] === 1) return
    const parent = store.strand[fork]!
    runner.goOnFrom(parent, this.startMore(fork))
  }

  /** Stops everything that belongs to the fork. */
  kill(fork: number): void {
    const { machine, store } = this
    for (let child = store.firstChild[fork]!; child !== NONE; ) {
      const next = machine.strands.next[child]!
      machine.killChild(child)
      child = next
    }
    this.retire(fork)
  }

  private startMore(fork: number): number {
    const { store } = this
    const node = this.nodeOf(fork)
    const most = mostAtOnce(node)
    const serial = store.serial[fork]!
    store.isBusy[fork] = 1
    while (store.started[fork]! < store.total[fork]! && store.live[fork]! < most) {
      if (this.hasFailed(fork) || !this.mayStart(fork)) break
      this.startChild(fork, node)
      // The execution may have come to its end by what the child did.
      if (store.serial[fork] !== serial || store.isDead[fork] === 1) return WAITS
    }
    store.isBusy[fork] = 0
    return this.conclude(fork)
  }

  private startChild(fork: number, node: ParallelNode | MapNode): void {
    const { machine, store } = this
    const parent = store.strand[fork]!
    const started = store.started[fork]!
    const rest = store.total[fork]! - started
    const distributed = node.kind === 'map' ? node.distributed : null
    const items = Math.min(distributed?.itemsPerBatch ?? 1, rest)
    store.started[fork] = started + items
    store.live[fork]!++
    this.skipDone(fork)
    const first = firstNode(node, started)
    const key = machine.draws.childKey(parent, started)
    if (distributed === null) {
      // MapIterationStarted and MapIterationSucceeded; branches have none.
      if (node.kind === 'map' && machine.runner.record(parent, 2)) return
      const execution = machine.strands.execution[parent]!
      const child = machine.strands.open(execution, key)
      this.link(fork, child, items, started)
      machine.runner.goOn(child, first)
      return
    }
    this.changeUntaken(node.state, -items)
    const child = machine.startChild(parent, key, distributed.isExpress)
    this.link(fork, child, items, started)
    machine.runner.goOn(child, first)
  }

  /** What becomes of the state now; WAITS while strands are under way. */
  private conclude(fork: number): number {
    const { machine, store } = this
    const strand = store.strand[fork]!
    if (this.hasFailed(fork)) {
      const { distributed } = this.nodeOf(fork) as MapNode
      const error = (distributed ?? null) === null ? store.errors[fork]! : EXCEEDED_TOLERANCE
      this.remember(fork)
      this.kill(fork)
      return machine.runner.raise(strand, error)
    }
    if (store.live[fork]! > 0 || store.started[fork]! < store.total[fork]!) return WAITS
    const { next, endError } = this.nodeOf(fork)
    this.retire(fork)
    if (endError !== null) return machine.runner.raise(strand, endError)
    machine.runner.leave(strand)
    return next
  }

  /** How far its state has come, in case that nobody catches its error. */
  remember(fork: number): void {
    const { machine, store } = this
    const { executions, strands } = machine
    const strand = store.strand[fork]!
    const execution = strands.execution[strand]!
    if (executions.root[execution] !== strand) return
    const failed = store.failed[fork]!
    executions.setFork(execution, store.node[fork]!, store.total[fork]!, this.doneOf(fork))
    executions.setForkEnds(execution, store.ended[fork]! - failed, failed)
  }

  /** Items of a distributed Map that a redrive runs again are in its book once. */
  forget(at: number, total: number, done: number, succeeded: number, failed: number): void {
    const node = this.machine.program.nodes[at] as ParallelNode | MapNode
    const book = this.books.get(node.state)
    if (book === undefined) return
    const kept = hasPlaces(node) ? doneFrom(done, 0) : done
    book.entered -= total - kept
    book.counts.succeeded -= succeeded - kept
    book.counts.failed -= failed
    book.counts.dropped -= total - succeeded - failed
  }

  private hasFailed(fork: number): boolean {
    const { store } = this
    const failed = store.failed[fork]!
    if (failed === 0) return false
    const node = this.nodeOf(fork)
    return node.kind === 'parallel' || exceeds(node.distributed, failed, store.total[fork]!)
  }

  /** Child executions start one after the other; inline items and branches at once. */
  private mayStart(fork: number): boolean {
    const { store } = this
    const { simulator } = this.machine.world
    const node = this.nodeOf(fork)
    if (node.kind === 'parallel' || node.distributed === null) return true
    const { nowUs } = simulator
    const dueUs = store.nextStartUs[fork]!
    if (dueUs > nowUs) {
      if (store.isArmed[fork] === 0) {
        store.isArmed[fork] = 1
        simulator.schedule(dueUs, RANK_RELEASE, this.dispatchKind, fork)
      }
      return false
    }
    store.nextStartUs[fork] = nowUs + gapBetweenChildrenUs(node.distributed)
    return true
  }

  private onDispatch(fork: number): void {
    if (this.store.comes(fork)) return
    const strand = this.store.strand[fork]!
    this.machine.runner.goOnFrom(strand, this.startMore(fork))
  }

  private retire(fork: number): void {
    const { store } = this
    const { state } = this.nodeOf(fork)
    const book = this.books.get(state)
    if (book !== undefined) {
      book.settle('dropped', store.total[fork]! - store.ended[fork]!)
      const started = store.started[fork]!
      const done = doneFrom(store.doneMask[fork]!, started)
      this.changeUntaken(state, started + done - store.total[fork]!)
    }
    if (this.isMapRun(fork) && store.isQueued[fork] === 0) this.machine.account.closeMapRun()
    this.machine.strands.fork[store.strand[fork]!] = NONE
    store.retire(fork)
  }

  private changeUntaken(state: number, change: number): void {
    this.untaken.set(state, this.untaken.get(state)! + change)
  }

  /** Only a distributed Map has a Map Run. */
  private isMapRun(fork: number): boolean {
    return this.books.has(this.nodeOf(fork).state)
  }

  private nodeOf(fork: number): ParallelNode | MapNode {
    return this.machine.program.nodes[this.store.node[fork]!] as ParallelNode | MapNode
  }

  private link(fork: number, child: number, items: number, index: number): void {
    const { strands } = this.machine
    const first = this.store.firstChild[fork]!
    strands.owner[child] = fork
    strands.items[child] = items
    strands.index[child] = index
    strands.next[child] = first
    strands.previous[child] = NONE
    if (first !== NONE) strands.previous[first] = child
    this.store.firstChild[fork] = child
  }

  private unlink(fork: number, child: number): void {
    const { strands } = this.machine
    const next = strands.next[child]!
    const previous = strands.previous[child]!
    if (previous === NONE) this.store.firstChild[fork] = next
    else strands.next[previous] = next
    if (next !== NONE) strands.previous[next] = previous
  }
}
