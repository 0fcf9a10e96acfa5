import { NONE } from '../messages/message-store.ts'
import type { CallProgress } from './call-progress.ts'
import { DONE, type Step, type StepResult } from './step.ts'
import type { WorkItems } from './work-items.ts'

/** Steps that are taken one after the other: a handler's, or one branch's. */
export class Sequence {
  readonly steps: readonly Step[]
  private readonly progress: CallProgress
  private readonly items: WorkItems

  constructor(steps: readonly Step[], progress: CallProgress, items: WorkItems) {
    this.steps = steps
    this.progress = progress
    this.items = items
  }

  /** Takes steps until one makes it wait or fail, or there is none left. */
  goOn(progress: number): StepResult {
    const { progress: state, steps } = this
    let result: StepResult = DONE
    while (result === DONE && state.step[progress]! < steps.length) {
      const step = steps[state.step[progress]!]!
      const item = state.item[progress]!
      const repetition = state.repetition[progress]!
      state.waitingAt[progress] = state.step[progress]!
      this.advance(progress, step)
      result = step.take(progress, item, repetition)
    }
    return result
  }

  /** The step that made it wait. */
  waitingAt(progress: number): Step {
    return this.steps[this.progress.waitingAt[progress]!]!
  }

  /** The next repetition, the next item where there is one call for each, the next step. */
  private advance(progress: number, { settings }: Step): void {
    const { item, firstItem, repetition, step } = this.progress
    repetition[progress]!++
    if (repetition[progress]! < settings.count) return
    repetition[progress] = 0
    item[progress] = settings.isPerRecord ? this.items.next[item[progress]!]! : NONE
    if (item[progress] !== NONE) return
    item[progress] = firstItem[progress]!
    step[progress]!++
  }
}
