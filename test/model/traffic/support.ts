import type { ScenarioFiles } from '../../../src/kernel/files.ts'
import type { OpenArrivals } from '../../../src/model/compiled-scenario.ts'
import type { ArrivalProcess } from '../../../src/model/traffic/arrival-process.ts'
import { arrivalProcess, trafficSchema } from '../../../src/model/traffic/index.ts'

export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
/** Monday, 2 March 2026, midnight. */
export const STARTS_AT_MS = Date.UTC(2026, 2, 2)

const noFiles: ScenarioFiles = {
  readText: async (path) => {
    throw new Error(`${path} does not exist`)
  },
  readChunks: (path) => {
    throw new Error(`${path} does not exist`)
  },
}

/** Files held in memory, handed out in chunks of `chunkSize` bytes. */
export function filesOf(contents: Record<string, string>, chunkSize = 65_536): ScenarioFiles {
  const read = (path: string): string => {
    const text = contents[path]
    if (text === undefined) throw new Error(`${path} does not exist`)
    return text
  }
  return {
    readText: async (path) => read(path),
    async *readChunks(path) {
      const bytes = new TextEncoder().encode(read(path))
      for (let start = 0; start < bytes.length; start += chunkSize) {
        yield bytes.subarray(start, start + chunkSize)
      }
    },
  }
}

export interface Setup {
  readonly durationUs?: number
  readonly startsAtMs?: number
  readonly replication?: number
  readonly files?: ScenarioFiles
}

const schema = trafficSchema({})

export function parse(yaml: object) {
  return schema.parse(yaml)
}

/** The messages of an invalid producer, each behind its path. */
export function problems(yaml: unknown): string[] {
  const result = schema.safeParse(yaml)
  if (result.success) return []
  return result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}

/** The process that a producer's YAML keys describe. */
export function open(yaml: object, setup: Setup = {}): ArrivalProcess {
  const {
    durationUs = Number.POSITIVE_INFINITY,
    startsAtMs = STARTS_AT_MS,
    replication = 0,
  } = setup
  const options = parse(yaml)
  const entry = arrivalProcess(options.process)
  const arrivals = entry.create(options, { durationUs, startsAtMs }) as OpenArrivals
  const streamName = (purpose: string) => `7/${replication}/shoppers/${purpose}`
  return arrivals.create({ streamName, durationUs, startsAtMs }, setup.files ?? noFiles)
}

/** The first `count` arrivals, or all of them. */
export async function arrivalsOf(
  process: ArrivalProcess,
  count = Number.POSITIVE_INFINITY,
): Promise<number[]> {
  const times: number[] = []
  while (times.length < count) {
    while (process.starved) await process.refill!()
    const time = process.next()
    if (time === Number.POSITIVE_INFINITY) break
    times.push(time)
  }
  return times
}
