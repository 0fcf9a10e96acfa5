/**
 * What handlers do with items, and how many capacity units that takes.
 * Source: DynamoDB developer guide, "DynamoDB read and write operations": a read unit is a strongly
 * consistent read of up to 4 KB, or two eventually consistent ones; a write unit is a write of up to
 * 1 KB; transactions take twice as many.
 */

const READ_UNIT_BYTES = 4_096
const WRITE_UNIT_BYTES = 1_024
/** The largest item (DynamoDB developer guide, "Quotas"). */
export const LARGEST_ITEM_BYTES = 409_600
/** What one Query reads at most (DynamoDB API reference, Query). */
const LARGEST_QUERY_BYTES = 1_048_576

interface Operation {
  readonly isWrite: boolean
  /** Units are counted twice. */
  readonly isTransaction: boolean
  /** What it may read or write at once. */
  readonly mostBytes: number
}

const read: Operation = { isWrite: false, isTransaction: false, mostBytes: LARGEST_ITEM_BYTES }
const write: Operation = { ...read, isWrite: true }

/** By the value of `operation`; each is of one item, and a query of items that lie together. */
const OPERATIONS = {
  get: read,
  query: { ...read, mostBytes: LARGEST_QUERY_BYTES },
  transactGet: { ...read, isTransaction: true },
  put: write,
  update: write,
  delete: write,
  transactWrite: { ...write, isTransaction: true },
} as const satisfies Readonly<Record<string, Operation>>

export type OperationName = keyof typeof OPERATIONS

export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[]

export const CONSISTENCIES = ['eventual', 'strong'] as const

export type Consistency = (typeof CONSISTENCIES)[number]

/** One call of a table, as a handler makes it. */
export interface TableAccess {
  readonly isWrite: boolean
  readonly sizeBytes: number
  /** Read or write units that it takes. */
  readonly units: number
}

export function operationOf(name: OperationName): Operation {
  return OPERATIONS[name]
}

/** A read without a consistency is eventually consistent, as with AWS. */
export function accessOf(
  name: OperationName,
  sizeBytes: number,
  consistency: Consistency = 'eventual',
): TableAccess {
  const { isWrite, isTransaction } = OPERATIONS[name]
  const unitBytes = isWrite ? WRITE_UNIT_BYTES : READ_UNIT_BYTES
  const blocks = Math.max(1, Math.ceil(sizeBytes / unitBytes))
  const isHalf = !isWrite && !isTransaction && consistency === 'eventual'
  const factor = isTransaction ? 2 : isHalf ? 0.5 : 1
  return { isWrite, sizeBytes, units: blocks * factor }
}
