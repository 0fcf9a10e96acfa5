import type { HandlerStep } from '../compiled-scenario.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import type { World } from '../world.ts'
import { CallSite } from './call-site.ts'
import { CallStep } from './call-step.ts'
import { ComputeStep } from './compute-step.ts'
import { InvokedFunction } from './invoked-function.ts'
import { type ForkingProgram, ParallelStep } from './parallel-step.ts'
import { SendStep } from './send-step.ts'
import type { Step } from './step.ts'
import type { WorkItems } from './work-items.ts'

/** The program of one function, as its steps are made for it. */
export interface HandlerProgram extends ForkingProgram {
  readonly owner: LambdaFunction
  readonly items: WorkItems
  readonly world: World
  /** Registers the steps of a branch; returns the number of their sequence. */
  addSequence(steps: readonly Step[]): number
}

/** `place` says where in the handler's code they stand, and ends in a slash if anywhere. */
export function createSteps(
  settings: readonly HandlerStep[],
  place: string,
  program: HandlerProgram,
): readonly Step[] {
  return settings.map((step, index) => createStep(step, `${place}${index}`, program))
}

function createStep(settings: HandlerStep, place: string, program: HandlerProgram): Step {
  const { owner, items, world } = program
  if (settings.kind === 'compute') {
    return new ComputeStep(new CallSite(owner, place, settings, items, world), program)
  }
  if (settings.kind === 'parallel') {
    const branches = settings.branches.map((steps, branch) =>
      program.addSequence(createSteps(steps, `${place}/${branch}/`, program)),
    )
    return new ParallelStep(new CallSite(owner, place, settings, items, world), branches, program)
  }
  const site = new CallSite(owner, place, settings, items, world)
  if (!settings.isAwaited) return new SendStep(site)
  if (!settings.sections.includes('functions')) {
    return new CallStep(site, program, () => world.callee(site))
  }
  const invoked = new InvokedFunction(site)
  return new CallStep(site, program, () => invoked.connect())
}
