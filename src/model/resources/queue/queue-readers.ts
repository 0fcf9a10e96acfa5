/** Who reads a queue: an event source mapping. */
export interface QueueReader {
  readonly isReading: boolean
  /** Something may be there to receive. */
  wake(): void
  /** Told of each message that it receives; false: its filter leaves it out. */
  wants(message: number): boolean
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
