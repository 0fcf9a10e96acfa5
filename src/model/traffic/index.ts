/** The arrival processes. A new one is a file in this folder and a line in this list. */
import { z } from 'zod'
import { bursts } from './bursts.ts'
import { constant } from './constant.ts'
import { daily } from './daily.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { poisson } from './poisson.ts'
import { trace } from './trace.ts'
import { users } from './users.ts'

export const ARRIVAL_PROCESSES: readonly ArrivalProcessEntry<never>[] = [
  poisson,
  constant,
  bursts,
  daily,
  users,
  trace,
]

/** What `process` means where it is left out and no key says otherwise. */
const DEFAULT_ARRIVAL_PROCESS = poisson.kind

/** The entry of a parsed producer, by its `process`. */
export function arrivalProcess(kind: string): ArrivalProcessEntry {
  const entry = ARRIVAL_PROCESSES.find((candidate) => candidate.kind === kind)
  if (entry === undefined) throw new Error(`unknown arrival process ${kind}`)
  return entry as ArrivalProcessEntry
}

const KINDS = ARRIVAL_PROCESSES.map((entry) => entry.kind)

/** For each key that only some processes have: which. */
function keyOwners(): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>()
  for (const { kind, schema } of ARRIVAL_PROCESSES) {
    for (const [key, type] of Object.entries(schema.shape)) {
      if (isRefused(type)) continue
      const kinds = owners.get(key) ?? []
      kinds.push(kind)
      owners.set(key, kinds)
    }
  }
  return owners
}

function isRefused(type: z.core.$ZodType): boolean {
  return type instanceof z.ZodOptional && type.unwrap() instanceof z.ZodNever
}

/** Keys of other processes, refused with a word on where they belong. */
function foreignKeys(entry: ArrivalProcessEntry<never>): z.ZodRawShape {
  const shape: Record<string, z.ZodType> = {}
  for (const [key, kinds] of keyOwners()) {
    if (key in entry.schema.shape) continue
    const owner = kinds.length === 1 ? `process ${kinds[0]}` : `processes ${kinds.join(', ')}`
    shape[key] = z.never(`${key} belongs to ${owner}, and this is ${entry.kind}`).optional()
  }
  return shape
}

function selectedProcess(producer: object): string {
  const selected = ARRIVAL_PROCESSES.find(
    ({ selectedBy }) => selectedBy !== undefined && selectedBy in producer,
  )
  return selected?.kind ?? DEFAULT_ARRIVAL_PROCESS
}

function withProcess(producer: unknown): unknown {
  if (typeof producer !== 'object' || producer === null || Array.isArray(producer)) return producer
  if ('process' in producer && producer.process !== undefined) return producer
  return { process: selectedProcess(producer), ...producer }
}

/**
 * The schema of one producer: the union of the listed processes over `process`, each with the
 * keys that all producers share. Where `process` is left out it is poisson, unless a key that
 * selects another one is there (`trace: FILE`).
 */
export function trafficSchema<Common extends z.ZodRawShape>(
  common: Common,
): z.ZodType<z.output<z.ZodObject<Common>> & { readonly process: string }> {
  const options = ARRIVAL_PROCESSES.map((entry) =>
    entry.schema.safeExtend({ ...foreignKeys(entry), ...common }),
  )
  const union = z.discriminatedUnion(
    'process',
    options as unknown as [z.ZodObject<{ process: z.ZodLiteral<string> }>],
    {
      error: (issue) =>
        issue.code === 'invalid_union'
          ? `${JSON.stringify((issue.input as { process?: unknown }).process)} is not an arrival process: known are ${KINDS.join(', ')}`
          : undefined,
    },
  )
  return z.preprocess(withProcess, union) as never
}
