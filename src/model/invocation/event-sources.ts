/** The types of events. A new one is a file in this folder's folders and a line in this list. */
import type { EventSourceEntry } from '../entry.ts'
import { sqs } from './polling/sqs.ts'

export const EVENT_SOURCES: readonly EventSourceEntry<never>[] = [sqs]
