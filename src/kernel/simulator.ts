import { EventQueue } from './event-queue.ts'
import { InvariantViolation, StandstillError } from './invariant.ts'
import { RANK_ARRIVAL, type Rank, tieKey } from './order.ts'
import { SourceQueue } from './source-queue.ts'
import { Clock, formatDuration } from './time.ts'

/** What the simulator drives. One class implements it, so that both calls stay monomorphic. */
export interface Model {
  /** An event of this kind happens to this subject. */
  dispatch(kind: number, subject: number): void
  /**
   * The source's arrival happens. Before it returns it tells the simulator when the source arrives
   * next (`resumeSource`), unless the source needs its next chunk first.
   */
  arrive(source: number): void
  /** Names what is happening, for the message of a run that does not advance. */
  describeNext(): string
}

/** Why `run` returned. */
export type StopReason = 'time-reached' | 'budget-spent' | 'source-starved' | 'stopped'

const MAXIMUM_EVENTS_AT_ONE_INSTANT = 10_000_000
const SLICE = 65_536

/**
 * The clock and the loop. Events live in two queues of the same kind: `soon` for what is in
 * flight, `later` for the many long timers that would only make the first one deeper. Arrivals of
 * recurring sources have a queue of their own. The three together obey one order (order.ts).
 */
export class Simulator {
  readonly clock: Clock
  eventCount = 0
  /** The source that asked for its next chunk, after `source-starved`. */
  starvedSource = -1

  private readonly soon = new EventQueue()
  private readonly later = new EventQueue()
  private readonly sources = new SourceQueue()
  private sequence = 0
  private isStopped = false
  private eventsAtThisInstant = 0
  private readonly model: Model

  constructor(model: Model, clock = new Clock()) {
    this.model = model
    this.clock = clock
  }

  get nowUs(): number {
    return this.clock.nowUs
  }

  /** For what is in flight: completions, wake-ups within seconds. */
  schedule(atUs: number, rank: Rank, kind: number, subject: number): void {
    if (!(atUs >= this.clock.nowUs)) this.refuse(atUs)
    this.soon.push(atUs, tieKey(rank, this.sequence++), kind, subject)
  }

  /** The same order and meaning, for timers that are many and far away. */
  scheduleLater(atUs: number, rank: Rank, kind: number, subject: number): void {
    if (!(atUs >= this.clock.nowUs)) this.refuse(atUs)
    this.later.push(atUs, tieKey(rank, this.sequence++), kind, subject)
  }

  addSource(source: number, firstUs: number): void {
    this.sources.push(source, firstUs, tieKey(RANK_ARRIVAL, this.sequence++))
  }

  /** The source that is arriving, or that `source-starved` was about, arrives next at `nextUs`. */
  resumeSource(nextUs: number): void {
    if (!(nextUs >= this.clock.nowUs)) this.refuse(nextUs)
    this.starvedSource = -1
    this.sources.replaceTop(nextUs, tieKey(RANK_ARRIVAL, this.sequence++))
  }

  silenceSources(): void {
    this.sources.clear()
  }

  /** Ends the run before any further event. */
  stop(): void {
    this.isStopped = true
  }

  /**
   * Handles events strictly before `untilUs`, at most `eventBudget` of them. Where it stops cannot
   * be seen in any result. Throws StandstillError when time stands still for ten million events.
   */
  run(untilUs: number, eventBudget: number): StopReason {
    let budget = eventBudget
    while (budget > 0) {
      const slice = Math.min(budget, SLICE)
      const startUs = this.nowUs
      const startCount = this.eventCount
      const reason = this.runSlice(untilUs, slice)
      this.checkThatTimeGoesOn(startUs, startCount)
      if (reason !== 'budget-spent') return reason
      budget -= slice
    }
    return 'budget-spent'
  }

  /** Time never goes back, and no duration is NaN. */
  private refuse(atUs: number): never {
    throw new InvariantViolation(
      `an event for ${formatDuration(atUs)} was scheduled at ${formatDuration(this.nowUs)}`,
    )
  }

  private checkThatTimeGoesOn(startUs: number, startCount: number): void {
    const handled = this.eventCount - startCount
    this.eventsAtThisInstant = this.nowUs === startUs ? this.eventsAtThisInstant + handled : 0
    if (this.eventsAtThisInstant <= MAXIMUM_EVENTS_AT_ONE_INSTANT) return
    throw new StandstillError(
      `more than ${MAXIMUM_EVENTS_AT_ONE_INSTANT} events at ${formatDuration(this.nowUs)}: ${this.model.describeNext()}`,
    )
  }

  private runSlice(untilUs: number, slice: number): StopReason {
    let handled = 0
    let reason: StopReason = 'budget-spent'
    while (handled < slice && reason === 'budget-spent') {
      reason = this.step(untilUs)
      if (reason !== 'time-reached') handled++
    }
    this.eventCount += handled
    return reason
  }

  /**
   * Handles the next event; 'budget-spent' when there is nothing else to stop for. Apart from the
   * loop, because V8 takes whatever a long loop calls for hot and would inline the rarest timer.
   */
  private step(untilUs: number): StopReason {
    const soonUs = this.soon.nextUs
    const arrivalUs = this.sources.nextUs
    const laterUs = this.later.nextUs
    if (arrivalUs < soonUs && arrivalUs < laterUs) {
      if (arrivalUs >= untilUs) return 'time-reached'
      if (!this.arriveNext()) return 'source-starved'
    } else if (soonUs < arrivalUs && soonUs < laterUs) {
      if (soonUs >= untilUs) return 'time-reached'
      this.happen(this.soon)
    } else {
      const reason = this.handleTie(untilUs)
      if (reason !== 'budget-spent') return reason
    }
    return this.isStopped ? 'stopped' : 'budget-spent'
  }

  /** Takes the earliest event out of its queue and lets it happen. */
  private happen(queue: EventQueue): void {
    this.clock.nowUs = queue.nextUs
    queue.pop()
    this.model.dispatch(queue.poppedKind, queue.poppedSubject)
  }

  /** False when the source needs its next chunk. */
  private arriveNext(): boolean {
    const { sources } = this
    this.clock.nowUs = sources.nextUs
    this.starvedSource = sources.nextSource
    this.model.arrive(sources.nextSource)
    return this.starvedSource < 0
  }

  /** The rare rest: a long timer is next, several queues meet at one instant, or all are empty. */
  private handleTie(untilUs: number): StopReason {
    const { soon, later, sources } = this
    const nextUs = Math.min(soon.nextUs, later.nextUs, sources.nextUs)
    if (nextUs >= untilUs || nextUs === Number.POSITIVE_INFINITY) return 'time-reached'
    const soonKey = soon.nextUs === nextUs ? soon.nextKey : Number.POSITIVE_INFINITY
    const laterKey = later.nextUs === nextUs ? later.nextKey : Number.POSITIVE_INFINITY
    const sourceKey = sources.nextUs === nextUs ? sources.nextKey : Number.POSITIVE_INFINITY
    if (sourceKey < soonKey && sourceKey < laterKey) {
      return this.arriveNext() ? 'budget-spent' : 'source-starved'
    }
    this.happen(soonKey < laterKey ? soon : later)
    return 'budget-spent'
  }
}
