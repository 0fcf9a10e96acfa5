import { z } from 'zod'
import { concurrency } from '../../units.ts'
import type { Guard, GuardEntry } from './entry.ts'

interface Options {
  readonly maximumInFlight: number
}

class LoadShedding implements Guard {
  private readonly most: number

  constructor({ maximumInFlight }: Options) {
    this.most = maximumInFlight
  }

  mayBegin(inFlight: number): boolean {
    return inFlight < this.most
  }
}

/** The caller turns requests away before they cost anything, as a pool of connections does. */
export const loadShedding: GuardEntry<Options> = {
  key: 'loadShedding',
  summary: 'Turns new requests away while too many are under way.',
  metric: 'LoadShedRejections',
  schema: z.strictObject({
    maximumInFlight: concurrency
      .refine((most) => most > 0, { error: '`maximumInFlight` is at least 1' })
      .meta({
        description: 'Requests of one client instance that may be under way, waits included.',
      }),
  }),
  create: (options) => new LoadShedding(options),
}
