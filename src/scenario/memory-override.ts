/**
 * A handler's duration is written for the memory size that is written beside it. An override of
 * the one without the other has to say how much of the duration is CPU-bound.
 */

import type { Problem } from './diagnostics.ts'
import { type FunctionConfig, lambdaFunction } from './schema/function.ts'
import { isCompute, isParallel } from './schema/handler.ts'
import { valueAt } from './schema-walk.ts'
import type { PartialScenario } from './validate.ts'

export interface MemoryOverrides {
  /** By function: the memory for which its duration was written, MB. */
  readonly writtenMemoryMb: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** Compares the scenario as written with what overrides have made of it. */
export function memoryOverrides(
  written: Readonly<Record<string, unknown>>,
  partial: PartialScenario,
): MemoryOverrides {
  const writtenMemoryMb = new Map<string, number>()
  const problems: Problem[] = []
  for (const [name, config] of partial.functions) {
    if (config === null) continue
    const path = ['functions', name]
    const before = valueAt(written, [...path, 'memorySize'])
    const parsed = lambdaFunction.shape.memorySize.safeParse(before)
    if (valueAt(written, path) === undefined || !parsed.success) continue
    if (parsed.data === config.memorySize) continue
    const handlerOf = (root: unknown): string =>
      JSON.stringify([
        valueAt(root, [...path, 'handler', 'duration']),
        valueAt(root, [...path, 'handler', 'measuredDuration']),
      ])
    // A duration that is overridden as well is meant for the new memory size.
    if (handlerOf(written) !== handlerOf(partial.written)) continue
    if (isCpuBoundUnknown(config.handler)) {
      const message = `how the duration of ${name} changes from ${parsed.data} to ${config.memorySize} MB is not known: state handler.cpuBound (0% if not at all)`
      problems.push({ path: [...path, 'memorySize'], at: 'value', message })
    } else {
      writtenMemoryMb.set(name, parsed.data)
    }
  }
  return { writtenMemoryMb, problems }
}

/** Whether some of the handler's own time does not say how it depends on memory. */
function isCpuBoundUnknown({ cpuBound, steps }: FunctionConfig['handler']): boolean {
  if (cpuBound !== undefined) return false
  if (steps === undefined) return true
  const simple = steps.flatMap((step) => (isParallel(step) ? step.parallel.flat() : [step]))
  return simple.some((step) => isCompute(step) && step.cpuBound === undefined)
}
