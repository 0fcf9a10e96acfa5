/** The list of distributions, and what a scenario needs of it: a schema and a constructor. */
import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import { MICROSECONDS_PER_MILLISECOND } from '../../kernel/time.ts'
import { constant } from './constant.ts'
import type { Distribution, DistributionEntry, DistributionUnit } from './distribution.ts'
import { exponential } from './exponential.ts'
import { lognormal } from './lognormal.ts'
import { uniform } from './uniform.ts'

/** What a schema makes of a scenario's distribution: plain data for `createDistribution`. */
export interface DistributionChoice {
  readonly kind: string
  readonly options: unknown
}

export const distributions: readonly DistributionEntry[] = [
  constant,
  uniform,
  exponential,
  lognormal,
]

/**
 * A distribution as scenarios write it: a bare value (constant), or one family and its options,
 * such as `{ lognormal: { median: 40ms, p99: 200ms } }`. `value` reads one value; `naturalScale`
 * is what a bare number or logarithm is in, by default milliseconds of values stored in us.
 */
export function distributionSchema(
  value: z.ZodType<number>,
  naturalScale: number = MICROSECONDS_PER_MILLISECOND,
): z.ZodType<DistributionChoice> {
  return choiceSchema(distributions, { value, naturalScale })
}

/** Makes what `distributionSchema` described. An empirical file has to be loaded before. */
export function createDistribution({ kind, options }: DistributionChoice): Distribution {
  const entry = distributions.find((candidate) => candidate.kind === kind)
  invariant(entry !== undefined, () => `no distribution is called ${kind}`)
  return entry.create(options)
}

function choiceSchema(
  entries: readonly DistributionEntry[],
  unit: DistributionUnit,
): z.ZodType<DistributionChoice> {
  const schemas = new Map(entries.map((entry) => [entry.kind, entry.schemaOf(unit)]))
  const jsonSchema = choiceJsonSchema(entries, schemas, unit)
  // A union would report the faults of every branch; the input's shape says which one is meant.
  return z
    .unknown()
    .meta(jsonSchema)
    .transform((input, context): DistributionChoice => {
      const isFamily = typeof input === 'object' && input !== null && !Array.isArray(input)
      if (!isFamily)
        return { kind: 'constant', options: { value: read(unit.value, input, [], context) } }
      const [kind, ...others] = Object.keys(input)
      const schema = kind === undefined ? undefined : schemas.get(kind)
      if (kind !== undefined && others.length === 0 && schema !== undefined) {
        const options: unknown = (input as Record<string, unknown>)[kind]
        return { kind, options: read(schema, options, [kind], context) }
      }
      const known = [...schemas.keys()].join(', ')
      const isUnknown = kind !== undefined && others.length === 0
      context.issues.push({
        code: 'custom',
        path: isUnknown ? [kind] : [],
        message: isUnknown
          ? `\`${kind}\` is not a distribution: known are ${known}`
          : `a distribution is a bare value or one of ${known} with its options`,
        input,
      })
      return z.NEVER
    })
}

/** The output of `schema`, its issues moved below `path`. */
function read<Output>(
  schema: z.ZodType<Output>,
  input: unknown,
  path: PropertyKey[],
  context: z.core.$RefinementCtx,
): Output {
  const result = schema.safeParse(input, { reportInput: true })
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    context.issues.push({ ...issue, path: [...path, ...issue.path] } as z.core.$ZodRawIssue)
  }
  return z.NEVER
}

function choiceJsonSchema(
  entries: readonly DistributionEntry[],
  schemas: ReadonlyMap<string, z.ZodType<unknown>>,
  unit: DistributionUnit,
): Record<string, unknown> {
  const families = entries.map(({ kind, summary }) => ({
    type: 'object',
    description: summary,
    properties: { [kind]: plainJsonSchema(schemas.get(kind)!) },
    required: [kind],
    additionalProperties: false,
  }))
  return { anyOf: [plainJsonSchema(unit.value), ...families] }
}

function plainJsonSchema(schema: z.ZodType<unknown>): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-07', io: 'input' })
  return rest
}
