/**
 * How many environments a version should have. AWS documents the signals (CPU use of environments
 * and saturation of their concurrency), that scaling does not wait for requests, and that by default
 * traffic can double within five minutes without throttles. The rule that has this effect is assumed.
 * Source: Lambda developer guide, "Scaling Lambda Managed Instances".
 */
export interface ScalingTargets {
  /** Shares of what there is that should be in use. */
  readonly concurrency: number
  readonly cpu: number
}

/** Use of the ready environments since the last look, as shares. */
export interface Utilization {
  readonly concurrency: number
  readonly cpu: number
}

/** As many as bring both signals to their targets. */
export function wantedEnvironments(
  ready: number,
  used: Utilization,
  targets: ScalingTargets,
): number {
  const share = Math.max(used.concurrency / targets.concurrency, used.cpu / targets.cpu)
  // What is on its target to the last bit stays.
  return Math.max(0, Math.ceil(ready * share - 1e-9))
}

/** Remembers how many were wanted while fewer would do: capacity goes only after a delay. */
export class ScaleIn {
  private sinceUs = Number.NaN
  private most = 0

  /** How many may go now. */
  surplus(nowUs: number, present: number, wanted: number, delayUs: number): number {
    if (wanted >= present) {
      this.sinceUs = Number.NaN
      return 0
    }
    if (Number.isNaN(this.sinceUs)) {
      this.sinceUs = nowUs
      this.most = 0
    }
    this.most = Math.max(this.most, wanted)
    if (nowUs - this.sinceUs < delayUs) return 0
    this.sinceUs = Number.NaN
    // A maximum may have taken more away meanwhile.
    return Math.max(0, present - this.most)
  }
}

/** How busy something was on average between two looks. */
export class BusyTime {
  level = 0
  private sum = 0
  private fromUs = 0
  private lookedAtUs = 0

  change(nowUs: number, by: number): void {
    this.sum += this.level * (nowUs - this.fromUs)
    this.fromUs = nowUs
    this.level += by
  }

  /** The mean level since the last look. */
  look(nowUs: number): number {
    this.change(nowUs, 0)
    const lengthUs = nowUs - this.lookedAtUs
    const mean = lengthUs === 0 ? this.level : this.sum / lengthUs
    this.sum = 0
    this.lookedAtUs = nowUs
    return mean
  }
}
