/** `handler.calls`: what a handler sends and whom it calls. */
import { z } from 'zod'
import { RETRY_BEHAVIOR } from '../../model/clients/retry-modes/keys.ts'
import { retrySchema } from '../../model/clients/schema.ts'
import { shapeKeys } from '../../model/messages/schema.ts'
import { positiveDuration, share } from '../../model/units.ts'
import type { Section } from '../../model/world.ts'

/** The key that names the node of a call, by the section it leads to. */
const CALL_TARGETS: Readonly<Record<string, Section>> = {
  function: 'functions',
  queue: 'queues',
  topic: 'topics',
  bus: 'buses',
  stream: 'streams',
  table: 'tables',
  bucket: 'buckets',
  downstream: 'downstreams',
  stateMachine: 'stateMachines',
}

const targets = Object.fromEntries(
  Object.entries(CALL_TARGETS).map(([key, section]) => [
    key,
    z
      .string({ error: `\`${key}\` is the name of one of the ${section}` })
      .optional()
      .meta({ description: `One of the \`${section}\` that is called or sent to.` }),
  ]),
) as Record<string, z.ZodOptional<z.ZodString>>

export const callSchema = z
  .strictObject({
    ...targets,
    invocationType: z.enum(['RequestResponse', 'Event']).optional().meta({
      description:
        'Of a function: whether the handler waits for the answer (RequestResponse) or only queues an event.',
      defaultText: '`RequestResponse`',
      source: 'Lambda API reference, Invoke',
    }),
    count: z
      .int({ error: 'count is a whole number' })
      .min(1, { error: 'count is at least 1' })
      .max(100_000)
      .prefault(1)
      .meta({ description: 'How often, one after the other.' }),
    perRecord: z.boolean().prefault(false).meta({
      description: 'Once for each message or record of the invocation, not once for all.',
    }),
    probability: share.prefault('100%').meta({ description: 'Chance of each call.' }),
    timeout: positiveDuration.optional().meta({
      description:
        'Of a downstream: how long the handler waits for its answer; then the call has failed.',
      defaultText: 'as long as it takes',
    }),
    retry: retrySchema.optional().meta({
      description:
        'Of a downstream: what the handler does about a call that fails; each environment has a retry quota of its own. Left out: nothing.',
      source: RETRY_BEHAVIOR,
    }),
    ...shapeKeys,
  })
  .superRefine((value, context) => {
    const named = namedTargets(value)
    if (named.length !== 1) {
      const keys = Object.keys(CALL_TARGETS).join(', ')
      const message =
        named.length === 0
          ? `whom does it call? Give one of ${keys}`
          : `a call has one target, not ${named.length}: write one call for each`
      // Without `continue` a union of steps would take anything for a call that lacks its target.
      context.addIssue({ code: 'custom', message, continue: false })
    } else if (value.invocationType !== undefined && named[0] !== 'function') {
      const message = `invocationType belongs to a function: sending to a ${named[0]} never waits`
      context.addIssue({ code: 'custom', path: ['invocationType'], message })
    }
    for (const key of ['timeout', 'retry'] as const) {
      if (value[key] === undefined || named.length !== 1 || named[0] === 'downstream') continue
      const message = `\`${key}\` belongs to a downstream, not to a ${named[0]}`
      context.addIssue({ code: 'custom', path: [key], message })
    }
    if ((value.retry?.retryOn ?? []).length > 0) {
      const message =
        'a call that fails in any way is retried: `retryOn` belongs to callers of functions'
      context.addIssue({ code: 'custom', path: ['retry', 'retryOn'], message })
    }
    const mode = value.retry?.mode ?? ''
    if (mode.startsWith('adaptive')) {
      const message = `retry mode ${mode} is not supported for calls of a handler`
      context.addIssue({ code: 'custom', path: ['retry', 'mode'], message })
    }
  })

function namedTargets(call: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(CALL_TARGETS).filter((key) => typeof call[key] === 'string')
}

/** Whether the handler waits for the answer. */
export function isAwaited(section: Section, { invocationType }: z.output<typeof callSchema>) {
  return section === 'downstreams' || (section === 'functions' && invocationType !== 'Event')
}

/** The key and the name of a call's target; undefined where it names none. */
export function targetOfCall(
  call: z.output<typeof callSchema>,
): { readonly key: string; readonly section: Section; readonly to: string } | undefined {
  const values: Readonly<Record<string, unknown>> = call
  const [key = ''] = namedTargets(values)
  const section = CALL_TARGETS[key]
  return section === undefined ? undefined : { key, section, to: String(values[key]) }
}
