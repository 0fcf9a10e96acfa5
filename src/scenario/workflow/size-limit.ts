/**
 * How large a document may be. Source: AWS Step Functions developer guide, "Quotas": 256 KiB as UTF-8
 * for the input and output of a task, state or execution.
 */
import { DATA_LIMIT_EXCEEDED } from '../../model/workflow/errors.ts'
import { LARGEST_DOCUMENT_BYTES } from '../../model/workflow/limits.ts'
import { PathFault } from './json-path.ts'
import { canonical } from './known.ts'

const MOST_BYTES_PER_UNIT = 3

/** What is known of a document, as JSON; the unknown parts count as one byte each. */
export function documentBytes(value: unknown): number {
  return new TextEncoder().encode(canonical(value)).length
}

/** A document that is too large: the execution fails with an error of its own. */
export class SizeFault extends PathFault {
  constructor(message: string) {
    super(message, DATA_LIMIT_EXCEEDED)
  }
}

/** Throws a SizeFault where it is too large. */
export function checkSize(value: unknown, what: string): void {
  // Most are far from it.
  if (canonical(value).length * MOST_BYTES_PER_UNIT <= LARGEST_DOCUMENT_BYTES) return
  const bytes = documentBytes(value)
  if (bytes <= LARGEST_DOCUMENT_BYTES) return
  throw new SizeFault(`${what} has ${bytes} bytes, and 262144 are allowed`)
}
