import { hashName } from '../../kernel/generator.ts'
import { RANK_RELEASE } from '../../kernel/order.ts'
import type { HandlerCompute } from '../compiled-scenario.ts'
import type { CallSite } from './call-site.ts'
import { DONE, type Program, type Step, type StepResult, WAITING } from './step.ts'

const DURATION = hashName('duration')

/** Its timer runs for nobody. */
const STOPPED = 1

/** More of the handler's own time, between or after calls. */
export class ComputeStep implements Step {
  readonly isOwnTime = true
  readonly settings: HandlerCompute
  private readonly site: CallSite<HandlerCompute>
  private readonly program: Program
  private readonly owner: number
  private readonly ends: number

  constructor(site: CallSite<HandlerCompute>, program: Program) {
    this.site = site
    this.settings = site.settings
    this.program = program
    this.owner = site.world.calls.addOwner({ onAnswer: () => {} })
    this.ends = site.world.addEventKind((timer) => this.stop(timer))
  }

  take(progress: number, item: number, repetition: number): StepResult {
    const { site, settings } = this
    const ordinal = site.ordinalOf(item, repetition)
    if (!site.happens(ordinal)) return DONE
    const { calls, simulator } = site.world
    const lengthUs = settings.duration.sample(site.drawFor(ordinal, DURATION))
    if (lengthUs === 0) return DONE
    const timer = calls.open(this.owner, progress)
    calls.state[timer] = 0
    this.program.wait(progress, timer)
    const endUs = Math.floor(simulator.nowUs + lengthUs + 0.5)
    simulator.schedule(endUs, RANK_RELEASE, this.ends, timer)
    return WAITING
  }

  abandon(timer: number): void {
    this.site.world.calls.state[timer] = STOPPED
  }

  private stop(timer: number): void {
    const { calls } = this.site.world
    const progress = calls.subject[timer]!
    const isStopped = calls.state[timer] === STOPPED
    calls.give(timer)
    if (!isStopped) this.program.resume(progress, true)
  }
}
