/** The types of events. A new one is a file in this folder's folders and a line in this list. */
import { ROUTES } from '../doors/routes.ts'
import type { EventSourceEntry } from '../entry.ts'
import { eventbridge } from './asynchronous/eventbridge.ts'
import { s3 } from './asynchronous/s3.ts'
import { schedule } from './asynchronous/schedule.ts'
import { sns } from './asynchronous/sns.ts'
import { dynamodb } from './polling/dynamodb.ts'
import { kinesis } from './polling/kinesis.ts'
import { msk } from './polling/msk.ts'
import { sqs } from './polling/sqs.ts'
import { warmer } from './synchronous/warmer.ts'

export const EVENT_SOURCES: readonly EventSourceEntry<never>[] = [
  sqs,
  kinesis,
  dynamodb,
  msk,
  sns,
  eventbridge,
  s3,
  schedule,
  warmer,
  ...ROUTES,
]
