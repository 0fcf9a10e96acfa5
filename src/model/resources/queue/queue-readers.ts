import type { Hold } from '../../part.ts'

/** Who reads a queue: an event source mapping. */
export interface QueueReader {
  readonly isReading: boolean
  /** Something may be there to receive. */
  wake(): void
  /** Told of each message that it receives; false: its filter leaves it out. */
  wants(message: number): boolean
  /** Why it does not receive what is there. */
  heldBy(): Hold | null
}

/** The readers of one queue, which take turns: the one after the last that received is first. */
export class QueueReaders {
  private readonly readers: QueueReader[] = []
  private next = 0

  get count(): number {
    return this.readers.length
  }

  get areReading(): boolean {
    return this.readers.some(({ isReading }) => isReading)
  }

  /** Of the readers that read; where none does, that they are disabled. */
  heldBy(): Hold | null {
    const reading = this.readers.filter(({ isReading }) => isReading)
    const asked = reading.length > 0 ? reading : this.readers
    for (const reader of asked) {
      const hold = reader.heldBy()
      if (hold !== null) return hold
    }
    return null
  }

  add(reader: QueueReader): void {
    this.readers.push(reader)
  }

  wake(): void {
    const { readers } = this
    for (let turn = 0; turn < readers.length; turn++) {
      readers[(this.next + turn) % readers.length]!.wake()
    }
  }

  hasReceived(reader: QueueReader): void {
    this.next = this.readers.indexOf(reader) + 1
  }
}
