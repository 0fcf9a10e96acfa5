import { mixBits } from '../../../../kernel/generator.ts'
import { MessageList } from '../../../messages/message-list.ts'
import { ENTERED_US, type Messages, NONE, SIZE_BYTES } from '../../../messages/message-store.ts'
import type { EmptyPolls, ReadBudget } from '../../../resources/stream/limits.ts'
import type { Shard } from '../../../resources/stream/shards.ts'
import type { Lane } from './lane.ts'

/** Apart from the hash that chose the shard: all keys of a shard lie in one range of that. */
const LANE_SALT = 0x5bd1e995

/** One consumer's place in one shard. */
export class ShardReader implements EmptyPolls {
  readonly shard: Shard
  /** Records that have not been read, in the order of arrival. */
  readonly unread: MessageList
  /** What its reads are charged to; null: no limit. */
  readonly budget: ReadBudget | null
  lanes: Lane[] = []
  /** Shards that took over from this one and wait until it has been read to its end. */
  readonly children: ShardReader[] = []
  /** How many of its own parents are not finished. */
  unfinishedParents = 0
  isFinished = false
  /** Polls without news happen at `phaseUs` and every interval after it. */
  private readonly phaseUs: number
  private readonly intervalUs: number
  /** Of the last poll; before the first one just before time 0. */
  polledUs = -1
  /** It polls at its regular times, and nothing is there. */
  pollsEmpty = true
  /** The last read did not bring all that was there. */
  leftRecords = false
  /** Empty polls up to here have been charged. */
  private chargedUs = 0
  armedUs = Number.POSITIVE_INFINITY

  constructor(
    shard: Shard,
    budget: ReadBudget | null,
    messages: Messages,
    phaseUs: number,
    intervalUs: number,
  ) {
    this.shard = shard
    this.budget = budget
    this.unread = new MessageList(messages)
    this.phaseUs = phaseUs
    this.intervalUs = intervalUs
  }

  laneOf(hash: number): Lane {
    const { lanes } = this
    if (lanes.length === 1) return lanes[0]!
    return lanes[(mixBits(hash ^ LANE_SALT) >>> 0) % lanes.length]!
  }

  get isDrained(): boolean {
    return this.unread.length === 0 && this.lanes.every(({ isEmpty }) => isEmpty)
  }

  /** New lanes take over what waits in the former ones; the records of a key stay in order. */
  replaceLanes(lanes: Lane[], messages: Messages, nowUs: number): void {
    const former = this.lanes
    this.lanes = lanes
    for (;;) {
      const record = takeOldest(former, messages)
      if (record === NONE) return
      const sizeBytes = messages.ints[8 * record + SIZE_BYTES]!
      this.laneOf(messages.batch[record]!).append(record, sizeBytes, nowUs)
    }
  }

  /** The first regular poll at or after `atUs`. */
  regularPollUs(atUs: number): number {
    const polls = Math.ceil((atUs - this.phaseUs) / this.intervalUs)
    return this.phaseUs + Math.max(0, polls) * this.intervalUs
  }

  takeEmptyPolls(nowUs: number): number {
    const count = !this.pollsEmpty ? 0 : this.pollsBefore(nowUs) - this.pollsBefore(this.chargedUs)
    this.chargedUs = nowUs
    return count
  }

  noteRead(nowUs: number): void {
    this.polledUs = nowUs
    this.chargedUs = nowUs
    this.leftRecords = this.unread.length > 0
  }

  private pollsBefore(atUs: number): number {
    return Math.max(0, Math.ceil((atUs - this.phaseUs) / this.intervalUs))
  }
}

/** Takes the record that came first out of all lanes; NONE when they are empty. */
function takeOldest(lanes: readonly Lane[], { reals }: Messages): number {
  let oldest: Lane | null = null
  let oldestUs = Number.POSITIVE_INFINITY
  for (const lane of lanes) {
    const { head } = lane.records
    if (head === NONE || reals[4 * head + ENTERED_US]! >= oldestUs) continue
    oldest = lane
    oldestUs = reals[4 * head + ENTERED_US]!
  }
  return oldest === null ? NONE : oldest.records.shift()
}
