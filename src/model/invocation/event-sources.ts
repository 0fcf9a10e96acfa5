/** The types of events. A new one is a file in this folder's folders and a line in this list. */
import type { EventSourceEntry } from '../entry.ts'
import { dynamodb } from './polling/dynamodb.ts'
import { kinesis } from './polling/kinesis.ts'
import { msk } from './polling/msk.ts'

export const EVENT_SOURCES: readonly EventSourceEntry<never>[] = [dynamodb, kinesis, msk]
