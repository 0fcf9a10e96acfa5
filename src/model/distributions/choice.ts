/** One distribution out of a list of families: schema and construction. */
import { z } from 'zod'
import { invariant } from '../../kernel/invariant.ts'
import type {
  Distribution,
  DistributionChoice,
  DistributionEntry,
  DistributionUnit,
} from './distribution.ts'

export function createChoice(
  families: readonly DistributionEntry[],
  { kind, options }: DistributionChoice,
): Distribution {
  const entry = families.find((candidate) => candidate.kind === kind)
  invariant(entry !== undefined, () => `no distribution is called ${kind}`)
  return entry.create(options)
}

/**
 * A bare value (constant) or one family with its options. Faults are reported where they are, as
 * if there were no choice: a union would list those of every branch.
 */
export function choiceSchema(
  families: readonly DistributionEntry[],
  unit: DistributionUnit,
): z.ZodType<DistributionChoice> {
  const schemas = new Map(families.map((entry) => [entry.kind, entry.schemaOf(unit)]))
  const jsonSchema = choiceJsonSchema(families, schemas, unit)
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
  families: readonly DistributionEntry[],
  schemas: ReadonlyMap<string, z.ZodType<unknown>>,
  unit: DistributionUnit,
): Record<string, unknown> {
  const forms = families.map(({ kind, summary }) => ({
    type: 'object',
    description: summary,
    properties: { [kind]: plainJsonSchema(schemas.get(kind)!) },
    required: [kind],
    additionalProperties: false,
  }))
  return { anyOf: [plainJsonSchema(unit.value), ...forms] }
}

function plainJsonSchema(schema: z.ZodType<unknown>): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-07', io: 'input' })
  return rest
}
