/** Replays recorded traffic: arrival times, or counts per minute. */
import { z } from 'zod'
import { hashName, namedGenerator } from '../../kernel/generator.ts'
import type { ArrivalProcessEntry } from './entry.ts'
import { TRACE_FORMAT_KINDS } from './traces/index.ts'
import { TraceArrivals } from './traces/trace-arrivals.ts'
import { type TraceFile, TraceReader } from './traces/trace-reader.ts'
import { formatNumber } from './wording.ts'

export interface TraceOptions {
  readonly trace: TraceFile
  /** 2: twice as fast. */
  readonly speed: number
  /** 0.5: half of the requests; 2: each of them twice. */
  readonly scale: number
}

const fileName = z.string('a trace is the name of a file').min(1, 'the name of the trace is empty')

const formatKind = z.enum(
  TRACE_FORMAT_KINDS,
  `format is one of ${TRACE_FORMAT_KINDS.join(', ')}; left out, the header tells`,
)

const traceFile = z.strictObject({
  file: fileName.describe('A CSV file, relative to the scenario.'),
  format: formatKind.optional().describe('Left out: found by the header of the file.'),
  select: z
    .record(z.string(), z.string('select compares text: put the value in quotes'))
    .optional()
    .describe('Only the rows with these values in these columns.'),
})

/** Beyond it a typing error is more likely than a wish. */
const LARGEST_FACTOR = 1_000_000

function factor(name: string) {
  const error = `${name} is a number from 0 to ${LARGEST_FACTOR}`
  return z.number(error).min(0, error).max(LARGEST_FACTOR, error)
}

const schema = z.strictObject({
  process: z.literal('trace').default('trace'),
  trace: z
    .union([fileName.transform((file): TraceFile => ({ file })), traceFile], {
      error: 'trace is the name of a file, or { file, format, select }',
    })
    .describe('The file to replay.'),
  speed: factor('speed')
    .refine((value) => value > 0, 'speed must be above 0')
    .default(1)
    .describe('2 replays twice as fast.'),
  scale: factor('scale')
    .default(1)
    .describe('0.5 keeps half of the requests, 2 makes two of each; by chance where not whole.'),
})

/** As much of a file as is read ahead of the run, to find its faults: 64 blocks of 64 KB. */
const BLOCKS_CHECKED = 64

async function check(
  { trace }: TraceOptions,
  files: Parameters<NonNullable<ArrivalProcessEntry['check']>>[1],
) {
  try {
    const reader = new TraceReader(trace, files, 0)
    for (let block = 0; block < BLOCKS_CHECKED; block++) {
      if (!(await reader.readRows())) break
    }
    await reader.close()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function describe({ trace, speed, scale }: TraceOptions): string {
  const selected = Object.entries(trace.select ?? {}).map(([column, value]) => `${column} ${value}`)
  return [
    `Replay of ${trace.file}`,
    ...(selected.length === 0 ? [] : [`only ${selected.join(' and ')}`]),
    ...(speed === 1 ? [] : [`${formatNumber(speed)} times as fast`]),
    ...(scale === 1 ? [] : [`${formatNumber(scale)} times the requests`]),
  ].join(', ')
}

export const trace: ArrivalProcessEntry<TraceOptions> = {
  kind: 'trace',
  selectedBy: 'trace',
  summary: 'Replays a recorded trace: arrival times, or counts per minute as in the Azure traces.',
  schema,
  describe,
  // Only reading the whole file would tell.
  expectedRequests: () => null,
  peakRatePerSecond: () => null,
  warnings: () => [],
  check,
  create: ({ trace: file, speed, scale }) => ({
    kind: 'open',
    create: ({ streamName, durationUs }, files) =>
      new TraceArrivals({
        reader: new TraceReader(file, files, hashName(streamName('arrival'))),
        speed,
        scale,
        generator: namedGenerator(streamName('scale')),
        durationUs,
      }),
  }),
}
