import type { MessageShape } from '../../messages/births.ts'

/** How one queue behaves: plain values, defaults applied. */
export interface QueueSettings {
  readonly visibilityTimeoutUs: number
  readonly retentionUs: number
  readonly delayUs: number
  /** Where messages go that have been received too often; null: they stay until they expire. */
  readonly redrive: { readonly target: string; readonly maxReceiveCount: number } | null
  readonly isFifo: boolean
  readonly maximumMessageBytes: number
  /** Share of processed messages that come once more. */
  readonly duplicateShare: number
  /** Received messages that are neither deleted nor back, at most. */
  readonly inFlightLimit: number
  /** Calls per second of SendMessage and of ReceiveMessage each; null: no limit. */
  readonly callsPerSecond: number | null
  /** The same for each message group; null: no limit of its own. */
  readonly groupCallsPerSecond: number | null
}

/** What `initial` says of a queue. */
export interface QueueBacklog {
  readonly messages: number
  readonly ageUs: number
  readonly receiveCount: number
  readonly shape: MessageShape
}
