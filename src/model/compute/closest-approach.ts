/** The closest that a level came to a limit, when the limit itself may change on the way. */
export class ClosestApproach {
  private limit: number
  private highest = 0
  private closestUsed = 0
  private closestAvailable: number

  constructor(limit: number) {
    this.limit = limit
    this.closestAvailable = limit
  }

  /** The level rose to this. */
  rise(level: number): void {
    if (level > this.highest) this.highest = level
  }

  changeLimit(limit: number, level: number): void {
    if (limit === this.limit) return
    this.settle()
    this.limit = limit
    this.highest = level
  }

  read(): { readonly used: number; readonly available: number } {
    this.settle()
    return { used: this.closestUsed, available: this.closestAvailable }
  }

  /** Compares shares of the limit without dividing by a limit of 0. */
  private settle(): void {
    if (this.highest * this.closestAvailable < this.closestUsed * this.limit) return
    this.closestUsed = this.highest
    this.closestAvailable = this.limit
  }
}
