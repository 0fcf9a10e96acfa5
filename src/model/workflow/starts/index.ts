/** What starts executions of a state machine by itself. */
import { z } from 'zod'
import { shown } from '../../units.ts'
import { eventbridge } from './eventbridge.ts'
import { START_ROUTES } from './routes.ts'
import { schedule } from './schedule.ts'
import type { StartConfig, StartEntry } from './start-entry.ts'

const STARTS: readonly StartEntry<never>[] = [schedule, eventbridge, ...START_ROUTES]

const known = STARTS.map(({ kind }) => kind).join(', ')

export const startSchema = z.discriminatedUnion(
  'type',
  STARTS.map(({ kind, schema, summary }) =>
    schema.safeExtend({ type: z.literal(kind).meta({ description: summary }) }),
  ) as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined
      const { type } = issue.input as { readonly type?: unknown }
      return type === undefined
        ? undefined
        : `${shown(type)} starts no executions: known are ${known}`
    },
  },
)

export function startEntry({ type }: StartConfig): StartEntry {
  const entry = STARTS.find(({ kind }) => kind === type)
  if (entry === undefined) throw new RangeError(`there is no event type ${type}`)
  return entry as unknown as StartEntry
}
