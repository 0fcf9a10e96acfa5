/** The YAML of what messages are like and of which ones an edge lets through. */
import { z } from 'zod'
import { parseShare, share, size, UnitError } from '../units.ts'
import { type MessageShape, PLAIN_SHAPE } from './births.ts'
import type { FilterSettings } from './filter.ts'

const attributeName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/, {
  error: 'the name of an attribute begins with a letter',
})

/** `filter: 80%` or `filter: { kind: [order, refund] }`. */
export const filterSchema = z
  .union(
    [
      share.transform((value): FilterSettings => ({ kind: 'share', share: value })),
      z.record(attributeName, z.union([z.string(), z.array(z.string()).min(1)])).transform(
        (map): FilterSettings => ({
          kind: 'attributes',
          accepted: Object.entries(map).map(([attribute, values]) => ({
            attribute,
            values: typeof values === 'string' ? [values] : values,
          })),
        }),
      ),
    ],
    {
      error: ({ input }) =>
        (typeof input === 'string' ? faultOfShare(input) : undefined) ??
        'a filter is a share such as 80%, or attributes and the values to let through',
    },
  )
  .meta({
    description:
      'Which messages are let through: a share by chance, or those whose attributes have one of the values. Left out: all.',
    typeText: 'share, or map of attributes to values',
    source: 'Lambda developer guide, "Control which events Lambda sends to your function"',
  })

function faultOfShare(text: string): string | undefined {
  try {
    parseShare(text)
  } catch (error) {
    if (error instanceof UnitError) return error.message
    throw error
  }
  return undefined
}

/** The keys that producers and calls share: what their messages are like. */
export const shapeKeys = {
  payload: size.optional().meta({
    description: 'Size of each message.',
    defaultText: '1KB (assumed)',
  }),
  attributes: z
    .record(
      attributeName,
      z.record(z.string(), share).refine((values) => isWhole(Object.values(values)), {
        error: 'the shares of the values of an attribute add up to 100%',
      }),
    )
    .optional()
    .meta({
      description:
        'Attributes of the messages, each with its values and their shares: { kind: { order: 90%, refund: 10% } }.',
    }),
  keys: z
    .strictObject({
      count: z
        .int({ error: 'the number of keys is a whole number' })
        .min(1, { error: 'there is at least one key' })
        .max(1_000_000_000)
        .meta({ description: 'How many different keys there are.' }),
      hottest: share
        .optional()
        .meta({ description: 'Share of the messages with the hottest key.', defaultText: 'even' }),
    })
    .refine(({ count, hottest = 1 }) => hottest * count >= 1, {
      error: 'the hottest key has at least its even share: 100% divided by the number of keys',
      path: ['hottest'],
    })
    .optional()
    .meta({
      description: 'Partition keys, or message groups of a FIFO queue.',
      defaultText: '10,000 keys, evenly (assumed)',
    }),
}

function isWhole(shares: readonly number[]): boolean {
  const sum = shares.reduce((total, value) => total + value, 0)
  return Math.abs(sum - 1) < 1e-9
}

interface ShapeConfig {
  readonly payload?: number | undefined
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  readonly keys?: { readonly count: number; readonly hottest?: number | undefined } | undefined
}

export function shapeOf({ payload, attributes = {}, keys }: ShapeConfig): MessageShape {
  const named = Object.entries(attributes).map(
    ([name, values]) =>
      [name, Object.entries(values).map(([value, of]) => ({ value, share: of }))] as const,
  )
  const hottest = keys?.hottest ?? 0
  // A hottest key with less than its even share is no hotter than the others.
  const isHot = keys !== undefined && hottest * keys.count > 1
  return {
    sizeBytes: payload ?? PLAIN_SHAPE.sizeBytes,
    attributes: new Map(named),
    keyCount: keys?.count ?? PLAIN_SHAPE.keyCount,
    hottestKeyShare: isHot ? hottest : 0,
  }
}
