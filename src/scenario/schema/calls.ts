/** `handler.calls`: what a handler sends and whom it calls. */
import { z } from 'zod'
import { RETRY_BEHAVIOR } from '../../model/clients/retry-modes/keys.ts'
import { retrySchema } from '../../model/clients/schema.ts'
import { PLAIN_SHAPE } from '../../model/messages/births.ts'
import { shapeKeys } from '../../model/messages/schema.ts'
import {
  CONSISTENCIES,
  type Consistency,
  OPERATION_NAMES,
  type OperationName,
  operationOf,
} from '../../model/resources/table/operations.ts'
import { positiveDuration, share, size } from '../../model/units.ts'
import { isSynchronous, START_SOURCE, startAction } from '../../model/workflow/actions.ts'
import type { Section } from '../../model/world.ts'
import { oneOf } from './common.ts'

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
    action: startAction.optional().meta({
      description:
        'Of a state machine: whether the handler waits for the end of the execution (StartSyncExecution, EXPRESS only) or only starts it.',
      defaultText: '`StartExecution`',
      source: START_SOURCE,
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
        'Of a downstream, table, function or synchronous execution: how long the handler waits for its answer; then the attempt has failed. Whoever was called works on.',
      defaultText: 'as long as it takes',
    }),
    retry: retrySchema.optional().meta({
      description:
        'Of a downstream, table, function or synchronous execution: what the handler does about an attempt that fails; in each environment the call has a retry quota and a rate limiter of its own. Left out: nothing.',
      source: RETRY_BEHAVIOR,
    }),
    operation: oneOf(OPERATION_NAMES).optional().meta({
      description:
        'Of a table: what it does there, with one item; query: with items that lie together.',
      defaultText: '`put`',
      source: 'DynamoDB developer guide, "DynamoDB read and write operations"',
    }),
    consistency: oneOf(CONSISTENCIES).optional().meta({
      description: 'Of a get or query: an eventually consistent read takes half the units.',
      defaultText: '`eventual`',
      source: 'DynamoDB developer guide, "DynamoDB read consistency"',
    }),
    itemSize: size.optional().meta({
      description: 'Of a table: the size of the item, or of all items that a query reads.',
      defaultText: '1KB (assumed)',
    }),
    ...shapeKeys,
  })
  .superRefine((value, context) => {
    for (const { path, message } of tableFaults(value)) {
      context.addIssue({ code: 'custom', path, message })
    }
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
    } else if (value.action !== undefined && named[0] !== 'stateMachine') {
      const message = `action belongs to a state machine, and a ${named[0]} is none`
      context.addIssue({ code: 'custom', path: ['action'], message })
    }
    if (named.length !== 1) return
    const [target] = named
    const isAnswered = isAwaited(CALL_TARGETS[target!]!, value)
    for (const key of ['timeout', 'retry'] as const) {
      if (value[key] === undefined || isAnswered) continue
      const sent = target === 'function' ? 'an event' : `what is sent to a ${target}`
      const message = `\`${key}\` belongs to calls that the handler waits for, and ${sent} is taken at once`
      context.addIssue({ code: 'custom', path: [key], message })
    }
    if (
      !['function', 'stateMachine'].includes(target!) &&
      (value.retry?.retryOn ?? []).length > 0
    ) {
      const message = `a call of a ${target} that fails in any way is retried: \`retryOn\` belongs to calls of functions`
      context.addIssue({ code: 'custom', path: ['retry', 'retryOn'], message })
    }
  })

function namedTargets(call: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(CALL_TARGETS).filter((key) => typeof call[key] === 'string')
}

/** What is wrong with the keys that only calls of tables have. */
function tableFaults(
  call: TableKeys & Readonly<Record<string, unknown>>,
): readonly { readonly path: string[]; readonly message: string }[] {
  if (typeof call.table !== 'string') {
    return (['operation', 'consistency', 'itemSize'] as const).flatMap((key) =>
      call[key] === undefined ? [] : [{ path: [key], message: `\`${key}\` belongs to a table` }],
    )
  }
  const faults: { path: string[]; message: string }[] = []
  const operation = call.operation ?? DEFAULT_OPERATION
  const { isWrite, isTransaction, mostBytes } = operationOf(operation)
  if (call.payload !== undefined) {
    const message = 'a table has items, not messages: write itemSize'
    faults.push({ path: ['payload'], message })
  }
  if (call.consistency !== undefined && (isWrite || isTransaction)) {
    const message = `only a get or query has a consistency, not a ${operation}`
    faults.push({ path: ['consistency'], message })
  }
  if (itemBytes(call) > mostBytes) {
    const most =
      operation === 'query' ? '1 MB is all that one query reads' : 'an item has at most 400 KB'
    faults.push({ path: ['itemSize'], message: `${most} (DynamoDB quota)` })
  }
  return faults
}

interface TableKeys {
  readonly operation?: OperationName | undefined
  readonly consistency?: Consistency | undefined
  readonly itemSize?: number | undefined
  readonly payload?: number | undefined
}

export const DEFAULT_OPERATION: OperationName = 'put'

/** The size of what a call of a table reads or writes, bytes. */
export function itemBytes({ itemSize }: TableKeys): number {
  return itemSize ?? PLAIN_SHAPE.sizeBytes
}

/** Whether a call changes nothing where it goes. */
export function isRead({ operation }: z.output<typeof callSchema>): boolean {
  return operation !== undefined && !operationOf(operation).isWrite
}

/** Sections whose nodes answer a handler that calls them. */
const ANSWERING: readonly Section[] = ['downstreams', 'tables']

/** Whether the handler waits for the answer. */
export function isAwaited(
  section: Section,
  { invocationType, action }: { readonly invocationType?: unknown; readonly action?: unknown },
): boolean {
  if (section === 'stateMachines') return isSynchronous(action)
  return ANSWERING.includes(section) || (section === 'functions' && invocationType !== 'Event')
}

interface CallTarget {
  readonly key: string
  readonly section: Section
  readonly to: string
  readonly isAwaited: boolean
}

/** What a call names, were it even several targets. */
export function writtenTargets(call: Readonly<Record<string, unknown>>): readonly CallTarget[] {
  return namedTargets(call).map((key) => {
    const section = CALL_TARGETS[key]!
    return { key, section, to: String(call[key]), isAwaited: isAwaited(section, call) }
  })
}

/** The target of a call; undefined where it names none. */
export function targetOfCall(call: z.output<typeof callSchema>): CallTarget | undefined {
  return writtenTargets(call)[0]
}
