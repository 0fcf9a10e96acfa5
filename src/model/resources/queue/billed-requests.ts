import { piecesOf } from '../../pricing/charge.ts'

/** One request for each started 64 KB (aws.amazon.com/sqs/pricing). */
const BYTES_PER_REQUEST = 65_536
/** Of one DeleteMessageBatch (Amazon SQS API reference). */
const MESSAGES_PER_DELETE = 10

/**
 * The API calls of a queue as they are billed. Each message is sent by a call of its own; receives
 * that find nothing are billed to the event source mapping that asks.
 */
export class BilledRequests {
  count = 0
  /** Of the receive that goes on: its payload, and what its reader filters out. */
  filteredOut = 0
  private bytes = 0

  send(bytes: number): void {
    this.count += piecesOf(bytes, BYTES_PER_REQUEST)
  }

  /** A message that the receive brings. */
  read(bytes: number): void {
    this.bytes += bytes
  }

  /** The receive is over. */
  receive(): void {
    this.count += piecesOf(this.bytes, BYTES_PER_REQUEST)
    this.delete(this.filteredOut)
    this.bytes = 0
    this.filteredOut = 0
  }

  /** What one batch deletes goes in calls of ten. */
  delete(messages: number): void {
    this.count += Math.ceil(messages / MESSAGES_PER_DELETE)
  }
}
