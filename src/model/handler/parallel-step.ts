import type { HandlerParallel } from '../compiled-scenario.ts'
import type { CallSite } from './call-site.ts'
import { DONE, FAILED, type Program, type Step, type StepResult, WAITING } from './step.ts'

/** What a step of branches needs of its program beside what every step does. */
export interface ForkingProgram extends Program {
  /** Begins one branch for the same item; it may be over already. */
  fork(parent: number, sequence: number, item: number): StepResult
  /** Branches that are not over. */
  branchesOf(parent: number): number
  /** The handler does not wait for its branches any more. */
  abandonBranches(parent: number): void
}

/**
 * Several branches at a time, as with Promise.all: the handler goes on when all are done. When one
 * fails the handler does at once, and what the others have called runs on, unheard.
 */
export class ParallelStep implements Step {
  readonly settings: HandlerParallel
  private readonly site: CallSite<HandlerParallel>
  private readonly program: ForkingProgram
  /** The sequences of its branches. */
  private readonly branches: readonly number[]

  constructor(
    site: CallSite<HandlerParallel>,
    branches: readonly number[],
    program: ForkingProgram,
  ) {
    this.site = site
    this.settings = site.settings
    this.branches = branches
    this.program = program
  }

  take(progress: number, item: number, repetition: number): StepResult {
    const { program, site } = this
    if (!site.happens(site.ordinalOf(item, repetition))) return DONE
    for (const sequence of this.branches) {
      if (program.fork(progress, sequence, item) !== FAILED) continue
      program.abandonBranches(progress)
      return FAILED
    }
    if (program.branchesOf(progress) === 0) return DONE
    program.wait(progress, progress)
    return WAITING
  }

  abandon(progress: number): void {
    this.program.abandonBranches(progress)
  }
}
