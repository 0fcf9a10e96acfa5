/** What one task state calls. */
import { Generator, hashName, rekey } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import type { Origin } from '../invocation/origin.ts'
import { SUCCEEDED } from '../invocation/outcome.ts'
import { childOrdinal, PLAIN_SHAPE } from '../messages/births.ts'
import { NO_LINEAGE } from '../messages/lineage.ts'
import { NONE } from '../messages/message-store.ts'
import { ACCEPTED, type Target, THROTTLED } from '../resources/target.ts'
import { foldOrdinal, MESSAGE_REFUSED, MESSAGE_SENT } from '../transitions.ts'
import {
  functionError,
  HANDLER_EXCEPTION,
  matches,
  refusalError,
  TOO_MANY_REQUESTS,
} from './errors.ts'
import type { TaskSite, Work } from './program.ts'
import type { StateMachine } from './state-machine.ts'
import type { CallMeter } from './workflow-meter.ts'

const FUNCTION_DURATION = hashName('duration')
const FAILURE = hashName('failure')
const EXCEPTION = hashName('exception')

/** Entries of the history for one attempt: scheduled, started, succeeded; submitted of jobs. */
const EVENTS_OF_CALL = 3
const EVENTS_OF_JOB = 4

export class CallSite implements Origin {
  readonly name: string
  readonly hash: number
  readonly meter: CallMeter
  readonly takesStatedTime: boolean
  readonly isCallback: boolean
  readonly isAwaitedExecution: boolean
  readonly historyEvents: number
  readonly retriesThrottles: boolean
  private readonly site: TaskSite
  private readonly machine: StateMachine
  private readonly exceptions: readonly { readonly name: string; readonly upTo: number }[]
  private readonly generator = new Generator()
  private readonly stream: number
  private readonly origin: number
  private readonly birth: number
  private qualifier: Qualifier | null = null
  private router: Router | null = null
  private target: Target | null = null
  private callee: StateMachine | null = null
  private wasRefused = false
  /** Attempts that a strand waits for, and those that none waits for any more. */
  private awaited = 0
  private abandoned = 0

  constructor(site: TaskSite, machine: StateMachine) {
    const { world } = machine
    this.site = site
    this.machine = machine
    this.name = `${machine.name}.${machine.places[site.state]}`
    const streamName = `${world.streamRoot}/${machine.path}/${machine.program.states[site.state]}`
    this.stream = hashName(streamName)
    this.hash = hashName(this.name)
    const isFunction = site.work.kind === 'function'
    const isPlain = isFunction && site.pattern === 'request-response'
    this.meter = isPlain ? machine.meter.functions! : machine.meter.services!
    this.isAwaitedExecution = site.work.kind === 'execution' && site.work.isAwaited
    this.takesStatedTime = !isPlain && !this.isAwaitedExecution
    this.isCallback = site.pattern === 'callback'
    this.historyEvents = site.pattern === 'request-response' ? EVENTS_OF_CALL : EVENTS_OF_JOB
    this.exceptions = cumulative(machine.errorsOf(site.state))
    this.retriesThrottles = machine.program.nodes.some(
      (node) =>
        node.kind === 'task' &&
        node.state === site.state &&
        node.retriers.some(({ errorEquals }) => matches(errorEquals, TOO_MANY_REQUESTS)),
    )
    this.origin = isFunction ? world.invocations.addOrigin(this) : NONE
    this.birth = site.work.kind === 'send' ? world.births.add(streamName, PLAIN_SHAPE) : NONE
  }

  connect(): void {
    const { world } = this.machine
    const { work } = this.site
    if (work.kind === 'function') {
      this.qualifier = world.qualifier(work.reference)
      this.qualifier.isCalled = true
      this.router = new Router(this.qualifier, `${world.streamRoot}/${this.name}`)
    } else if (work.kind === 'send') this.target = world.target(work.reference, [work.section])
    else if (work.kind === 'execution') {
      const name = work.reference.replace(/^stateMachines\./, '')
      this.callee = world.part(`stateMachines.${name}`) as StateMachine
    }
  }

  /** Makes the call of a strand's attempt; returns the error where it is refused. */
  call(strand: number): string | null {
    const { work } = this.site
    if (work.kind === 'function') return this.invoke(strand) ? null : TOO_MANY_REQUESTS
    if (work.kind === 'send') return this.send(strand, work)
    return work.kind === 'execution' ? this.startExecution(strand, work) : null
  }

  /** A strand does not wait for its call any longer. */
  abandon(call: number): void {
    if (this.callee !== null) {
      this.callee.abort(call)
      return
    }
    this.machine.world.invocations.store.cause[call] = NONE
    this.awaited--
    this.abandoned++
  }

  onRefused(slot: number, _cause: number): void {
    this.wasRefused = true
    this.awaited--
    this.machine.strands.call[this.machine.world.invocations.store.cause[slot]!] = NONE
  }

  onEnded(slot: number, outcome: number): void {
    const { runner, strands, tasks, world } = this.machine
    const strand = world.invocations.store.cause[slot]!
    if (strand === NONE) {
      this.abandoned--
      return
    }
    this.awaited--
    if (outcome === SUCCEEDED) {
      runner.goOnFrom(strand, tasks.called(strand))
      return
    }
    strands.call[strand] = NONE
    const error = functionError(outcome, this.exceptionOf(strand))
    runner.goOnFrom(strand, tasks.failed(strand, error))
  }

  attemptOf(slot: number): number {
    return this.machine.world.invocations.store.attempt[slot]!
  }

  check(): void {
    if (this.origin === NONE) return
    const inFlight = this.machine.world.invocations.inFlightOf[this.origin]!
    invariant(
      inFlight === this.awaited + this.abandoned,
      () =>
        `${this.name}: ${inFlight} invocations in flight, ${this.awaited} waited for, ${this.abandoned} given up`,
    )
  }

  private invoke(strand: number): boolean {
    const { draws, strands, world } = this.machine
    const { invocations } = world
    const qualifier = this.qualifier!
    const ordinal = draws.callOrdinal(strand, this.stream)
    const slot = invocations.open(this.origin, ordinal)
    const { store } = invocations
    store.cause[slot] = strand
    store.attempt[slot] = strands.attempt[strand]!
    const { drawsFailures, settings } = qualifier.function
    const { duration } = settings.handler
    store.reals[4 * slot + DURATION_US] = duration.sample(this.draw(ordinal, FUNCTION_DURATION))
    if (drawsFailures) store.failureDraw[slot] = this.draw(ordinal, FAILURE).nextUniform()
    strands.call[strand] = slot
    this.awaited++
    this.wasRefused = false
    invocations.attempt(slot, qualifier, this.router!.poolOf(ordinal))
    return !this.wasRefused
  }

  private send(strand: number, { count }: Extract<Work, { kind: 'send' }>): string | null {
    const { draws, world } = this.machine
    const { messages, transitions } = world
    const first = draws.callOrdinal(strand, this.stream)
    for (let index = 0; index < count; index++) {
      const ordinal = index === 0 ? first : childOrdinal(this.stream, first, index)
      const message = messages.create(this.birth, ordinal, PLAIN_SHAPE.sizeBytes, NO_LINEAGE)
      transitions.announce(MESSAGE_SENT, this.hash, foldOrdinal(ordinal), message)
      const acceptance = this.target!.accept(message)
      if (acceptance === ACCEPTED) continue
      transitions.announce(MESSAGE_REFUSED, this.hash, foldOrdinal(ordinal), message)
      messages.give(message)
      return refusalError(this.site.service, acceptance)
    }
    return null
  }

  private startExecution(
    strand: number,
    { isAwaited }: Extract<Work, { kind: 'execution' }>,
  ): string | null {
    const { callerIndex, draws, strands } = this.machine
    const key = draws.callOrdinal(strand, this.stream)
    const caller = isAwaited ? callerIndex : NONE
    const execution = this.callee!.startExecution(this.stream, key, caller, strand)
    if (execution === NONE) return refusalError(this.site.service, THROTTLED)
    strands.call[strand] = isAwaited ? execution : NONE
    return null
  }

  private exceptionOf(strand: number): string {
    if (this.exceptions.length === 0) return HANDLER_EXCEPTION
    const draw = this.machine.draws.draw(strand, EXCEPTION).nextUniform()
    const found = this.exceptions.find(({ upTo }) => draw < upTo)
    return (found ?? this.exceptions.at(-1)!).name
  }

  private draw(ordinal: number, purpose: number): Generator {
    return rekey(this.generator, this.stream, ordinal, purpose, 0)
  }
}

function cumulative(shares: Readonly<Record<string, number>>) {
  let sum = 0
  return Object.entries(shares).map(([name, share]) => {
    sum += share
    return { name, upTo: sum }
  })
}
