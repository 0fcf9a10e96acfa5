import { grownInt32 } from '../../kernel/slot-pool.ts'

const FIRST_CAPACITY = 256

/** Strands of any state machines that wait for their turn, in the order in which they came. */
export class WaitingLine {
  count = 0
  /** A ring of pairs, machine and strand. */
  private ring = new Int32Array(2 * FIRST_CAPACITY)
  private first = 0

  get machine(): number {
    return this.ring[2 * this.first]!
  }

  get strand(): number {
    return this.ring[2 * this.first + 1]!
  }

  /** The first one has had its turn. */
  drop(): void {
    this.first = (this.first + 1) % (this.ring.length / 2)
    this.count--
  }

  add(machine: number, strand: number): void {
    const capacity = this.ring.length / 2
    if (this.count === capacity) {
      const straight = grownInt32(this.ring.subarray(2 * this.first), 4 * capacity)
      straight.set(this.ring.subarray(0, 2 * this.first), 2 * (capacity - this.first))
      this.ring = straight
      this.first = 0
    }
    const at = (this.first + this.count) % (this.ring.length / 2)
    this.ring[2 * at] = machine
    this.ring[2 * at + 1] = strand
    this.count++
  }
}
