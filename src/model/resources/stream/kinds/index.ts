/** The types of streams. A new one is a file in this folder and a line in this list. */
import { kafka } from './kafka.ts'
import type { StreamKind } from './kind.ts'
import { kinesis } from './kinesis.ts'

export const STREAM_KINDS: readonly StreamKind<never>[] = [kinesis, kafka]

export const DEFAULT_KIND = kinesis.kind

/** Throws RangeError for a type that no stream has; the schema lets none through. */
export function streamKind(type: string): StreamKind {
  const found = STREAM_KINDS.find(({ kind }) => kind === type)
  if (found === undefined) throw new RangeError(`there are no ${type} streams`)
  return found as unknown as StreamKind
}
