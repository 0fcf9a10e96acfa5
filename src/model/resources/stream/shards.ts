/** The shards of a stream: each takes the keys of one range of hashes. */
import { mixBits } from '../../../kernel/generator.ts'
import { BYTES_READ_PER_SECOND, ReadBudget, WriteLimit } from './limits.ts'

const HASHES = 4_294_967_296
/** So that key 0 does not hash to 0. */
const KEY_SALT = 0x2545f491

/** Where a key lies between 0 and 2^32, as an int32. */
export function hashOfKey(key: number): number {
  return mixBits(key ^ KEY_SALT ^ Math.floor(key / HASHES))
}

export interface Shard {
  /** Among all shards that the stream ever had. */
  readonly index: number
  /** The range of hashes that it takes: from `startHash` to below `endHash`. */
  readonly startHash: number
  readonly endHash: number
  /** The shards whose keys it took over. */
  readonly parents: readonly Shard[]
  readonly writes: WriteLimit | null
  /** Shared by all consumers without enhanced fan-out. */
  readonly reads: ReadBudget | null
  isOpen: boolean
}

export class Shards {
  /** Those that take records, by range. */
  open: readonly Shard[] = []
  /** Those that ever did. */
  readonly all: Shard[] = []
  private created = 0
  private readonly isLimited: boolean

  constructor(count: number, isLimited: boolean) {
    this.isLimited = isLimited
    this.replace(count)
  }

  shardOf(hash: number): Shard {
    const { open } = this
    const position = hash >>> 0
    // All ranges are equally long but for rounding.
    let index = Math.floor((position * open.length) / HASHES)
    while (open[index]!.startHash > position) index--
    while (open[index]!.endHash <= position) index++
    return open[index]!
  }

  /** `count` new shards of equal ranges take over; returns them. */
  replace(count: number): readonly Shard[] {
    const former = this.open
    for (const shard of former) shard.isOpen = false
    this.open = Array.from({ length: count }, (_, position): Shard => {
      const startHash = Math.ceil((position * HASHES) / count)
      const endHash = Math.ceil(((position + 1) * HASHES) / count)
      return {
        index: this.created++,
        startHash,
        endHash,
        parents: overlapping(former, startHash, endHash),
        writes: this.isLimited ? new WriteLimit() : null,
        reads: this.isLimited ? new ReadBudget(BYTES_READ_PER_SECOND, true) : null,
        isOpen: true,
      }
    })
    this.all.push(...this.open)
    return this.open
  }
}

/** Of shards in the order of their ranges. */
function overlapping(shards: readonly Shard[], startHash: number, endHash: number): Shard[] {
  const first = Math.max(0, Math.floor((startHash * shards.length) / HASHES) - 1)
  const found: Shard[] = []
  for (let index = first; index < shards.length; index++) {
    const shard = shards[index]!
    if (shard.startHash >= endHash) break
    if (shard.endHash > startHash) found.push(shard)
  }
  return found
}
