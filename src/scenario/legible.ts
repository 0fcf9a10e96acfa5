import type { z } from 'zod'
import type { PathSegment } from './diagnostics.ts'
import { childValue, isMap, valueAt } from './schema-walk.ts'

/**
 * What a faulty value says apart from its faults: every key that the schema refuses is left out,
 * until the rest can be read. undefined: nothing can.
 */
export function legiblePart<Schema extends z.core.$ZodType>(
  schema: Schema,
  written: unknown,
): z.output<Schema> | undefined {
  const value = structuredClone(written)
  for (;;) {
    const result = (schema as unknown as z.ZodType).safeParse(value)
    if (result.success) return result.data as z.output<Schema>
    const removed = result.error.issues.filter((issue) => removeFaulty(value, issue))
    if (removed.length === 0) return undefined
  }
}

/** False: there is nothing that could be left out. */
function removeFaulty(value: unknown, issue: z.core.$ZodIssue): boolean {
  const path = issue.path as readonly PathSegment[]
  if (issue.code !== 'unrecognized_keys') return removeAt(value, path)
  return issue.keys.filter((key) => removeAt(value, [...path, key])).length > 0
}

/** Takes the value away with its key; of a list all, because the others would move up. */
function removeAt(value: unknown, path: readonly PathSegment[]): boolean {
  for (let length = path.length; length > 0; length--) {
    const holder = valueAt(value, path.slice(0, length - 1))
    const key = path[length - 1]!
    if (!isMap(holder) || childValue(holder, key) === undefined) continue
    delete holder[key]
    return true
  }
  return false
}
