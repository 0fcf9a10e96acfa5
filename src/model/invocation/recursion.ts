import type { LambdaFunction } from '../compute/lambda-function.ts'
import type { Recorder } from '../metrics/recorder.ts'

/** Whatever invokes a function with messages counts what it does not invoke it with. */
export function countRecursions(owner: LambdaFunction, recorder: Recorder): void {
  if (!owner.settings.cutsRecursion) return
  owner.recursionsCut ??= recorder.counter('function', owner.name, 'RecursiveInvocationsDropped')
}
