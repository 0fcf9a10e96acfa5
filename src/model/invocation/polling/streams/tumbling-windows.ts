/**
 * Tumbling windows: the records of a shard in contiguous stretches of time, by their arrival.
 * Source: Lambda developer guide, "Implementing stateful Kinesis Data Streams processing in Lambda".
 * That windows are aligned to the epoch is assumed.
 */
export class TumblingWindows {
  readonly lengthUs: number
  /** How far into a window simulated time 0 lies. */
  private readonly offsetUs: number

  constructor(lengthUs: number, startsAtMs: number) {
    this.lengthUs = lengthUs
    this.offsetUs = (startsAtMs * 1_000) % lengthUs
  }

  windowAt(atUs: number): number {
    return Math.floor((atUs + this.offsetUs) / this.lengthUs)
  }

  endUs(window: number): number {
    return (window + 1) * this.lengthUs - this.offsetUs
  }
}
