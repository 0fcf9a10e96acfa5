import { z } from 'zod'
import type { Simulator } from '../../kernel/simulator.ts'
import type { CommandEntry } from '../entry.ts'
import { positiveDuration } from '../units.ts'

/** Keeps the end of a slowed service within what a clock of microseconds can tell apart. */
const MOST_SLOW = 1_000_000

/** What the timeline does to downstreams. */
export const DISTURBANCES: Readonly<Record<string, CommandEntry>> = {
  slow: {
    summary: 'Every call that begins to be served meanwhile takes `factor` times as long.',
    keys: {
      factor: z
        .number({ error: 'factor is a number' })
        .positive({ error: 'factor is above 0' })
        .max(MOST_SLOW, { error: 'factor is at most 1,000,000' })
        .meta({ description: 'By how much services take longer: 10 is ten times as long.' }),
      for: positiveDuration.meta({ description: 'How long it lasts.' }),
    },
  },
  outage: {
    summary:
      'Every call that comes in meanwhile fails at once; what is being served ends as it would.',
    keys: { for: positiveDuration.meta({ description: 'How long it lasts.' }) },
  },
}

/** Slow-downs and outages of one downstream. A later one of the same sort replaces the earlier. */
export class Disturbances {
  private slowFactor = 1
  private slowUntilUs = 0
  private downUntilUs = 0
  private readonly simulator: Simulator

  constructor(simulator: Simulator) {
    this.simulator = simulator
  }

  get isDown(): boolean {
    return this.simulator.nowUs < this.downUntilUs
  }

  /** By how much a service that begins now takes longer. */
  get factor(): number {
    return this.simulator.nowUs < this.slowUntilUs ? this.slowFactor : 1
  }

  command(verb: string, options: unknown): void {
    const { for: lengthUs, factor } = options as { readonly for: number; readonly factor: number }
    const untilUs = this.simulator.nowUs + lengthUs
    if (verb === 'outage') this.downUntilUs = untilUs
    else {
      this.slowFactor = factor
      this.slowUntilUs = untilUs
    }
  }
}
