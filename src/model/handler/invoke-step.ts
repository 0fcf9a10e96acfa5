import { hashName } from '../../kernel/generator.ts'
import type { Qualifier } from '../compute/lambda-function.ts'
import { Router } from '../compute/router.ts'
import { DURATION_US } from '../invocation/invocation-store.ts'
import type { CallSite } from './call-site.ts'
import { DONE, FAILED, type Step, type StepResult, WAITING } from './step.ts'

const DURATION = hashName('duration')
const FAILURE = hashName('failure')

/** Who waits for the answers: the program that the step belongs to. */
export interface Caller {
  /** Opens an attempt that `progress` is going to wait for; returns its slot. */
  open(progress: number, ordinal: number): number
  /** Whether the attempt, now made, is under way; false: it was refused. */
  isWaiting(progress: number): boolean
  /** It does not wait for this attempt any more. */
  abandon(nested: number): void
}

/** Invokes a function synchronously: the handler waits, and its environment stays busy. */
export class InvokeStep implements Step {
  readonly settings: CallSite['settings']
  private readonly site: CallSite
  private readonly caller: Caller
  private qualifier: Qualifier | null = null
  private router: Router | null = null

  constructor(site: CallSite, caller: Caller) {
    this.site = site
    this.settings = site.settings
    this.caller = caller
  }

  connect(): void {
    const { site } = this
    this.qualifier = site.world.qualifier(this.settings.to)
    this.qualifier.isCalled = true
    this.router = new Router(this.qualifier, site.streamName)
  }

  take(progress: number, item: number, repetition: number): StepResult {
    const { caller, site } = this
    const ordinal = site.ordinalOf(item, repetition)
    if (!site.happens(ordinal)) return DONE
    const { invocations } = site.world
    const qualifier = this.qualifier!
    const slot = caller.open(progress, ordinal)
    const { store } = invocations
    const { settings, drawsFailures } = qualifier.function
    const { duration } = settings.handler
    store.reals[4 * slot + DURATION_US] = duration.sample(site.drawFor(ordinal, DURATION))
    if (drawsFailures) store.failureDraw[slot] = site.drawFor(ordinal, FAILURE).nextUniform()
    invocations.attempt(slot, qualifier, this.router!.poolOf(ordinal))
    return caller.isWaiting(progress) ? WAITING : FAILED
  }

  abandon(nested: number): void {
    this.caller.abandon(nested)
  }
}
