/** `initial`: what is there at the start. */
import { z } from 'zod'
import { RESOURCES } from '../../model/resources/index.ts'
import { concurrency } from '../../model/units.ts'
import { name } from './common.ts'

export const initialFunction = z.strictObject({
  environments: concurrency.optional().meta({
    description: 'Idle on-demand environments at the start.',
    defaultText: '0',
  }),
  provisionedConcurrentExecutions: concurrency.optional().meta({
    description: 'Provisioned environments that are ready at the start; the rest is allocated.',
    defaultText: 'all that are configured',
  }),
  state: z
    .enum(['Active', 'Pending'], { error: 'a function is Active or Pending at the start' })
    .optional()
    .meta({
      description:
        'Of a function in a VPC: Pending at the start for `vpcConfig.pendingDuration`, as just after it was created.',
      defaultText: '`Active`',
      source: 'Lambda developer guide, "Lambda function states"',
    }),
})

export const initial = z.strictObject({
  functions: z.record(name, initialFunction).optional().meta({
    description: 'Functions by name; the dotted form `functions.NAME` is the same.',
  }),
  ...initialResources(),
})

/** What may be in resources at the start, by section. */
function initialResources(): Record<
  string,
  z.ZodType<Readonly<Record<string, unknown>> | undefined>
> {
  return Object.fromEntries(
    RESOURCES.flatMap(({ section, initialSchema }) => {
      if (initialSchema === undefined) return []
      const description = `What is in \`${section}\` at the start, by name.`
      return [[section, z.record(name, initialSchema).optional().meta({ description })]]
    }),
  )
}
