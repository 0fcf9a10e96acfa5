import { Presets, SingleBar } from 'cli-progress'
import type { RunProgress } from '../experiment/run.ts'
import { formatDuration, MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type { CommandIo } from './io.ts'

export interface ProgressDisplay {
  readonly update: (progress: RunProgress) => void
  /** Leaves no trace on the terminal. */
  readonly end: () => void
}

const DRAWINGS_PER_SECOND = 10
const MILLISECONDS_PER_SECOND = 1_000
/** Faster than this a bar would only flicker. */
const APPEARS_AFTER_MS = 300

/** A bar on standard error while a person waits at a terminal; null anywhere else. */
export function progressDisplay(io: CommandIo, isQuiet: boolean): ProgressDisplay | null {
  const { stream } = io.stderr
  const { CI, TERM } = io.environment
  const isPipeline = CI !== undefined && CI !== '' && CI !== 'false'
  if (stream === null || isQuiet || isPipeline || TERM === 'dumb') return null
  return new Bar(stream)
}

class Bar implements ProgressDisplay {
  private readonly bar: SingleBar
  private readonly startedAtMs = performance.now()
  private drawnAtMs = 0
  private isVisible = false

  constructor(stream: NodeJS.WriteStream) {
    this.bar = new SingleBar(
      {
        stream,
        format: '{bar} {percentage}%  {simulated} of {whole}, {speed} events/s, {left} left',
        fps: DRAWINGS_PER_SECOND,
        clearOnComplete: true,
        hideCursor: true,
        barsize: 16,
        linewrap: false,
        // The engine yields between slices only, so drawing happens when it reports, not by timer.
        synchronousUpdate: true,
        gracefulExit: false,
      },
      Presets.shades_classic,
    )
  }

  readonly update = (progress: RunProgress): void => {
    const nowMs = performance.now()
    if (nowMs - this.startedAtMs < APPEARS_AFTER_MS) return
    if (nowMs - this.drawnAtMs < MILLISECONDS_PER_SECOND / DRAWINGS_PER_SECOND) return
    this.drawnAtMs = nowMs
    const { replication, replications, simulatedUs, durationUs, eventCount } = progress
    const seconds = (nowMs - this.startedAtMs) / MILLISECONDS_PER_SECOND
    const total = durationUs * replications
    const done = Math.min(total, replication * durationUs + simulatedUs)
    const of = replications > 1 ? ` (${replication + 1} of ${replications})` : ''
    const payload = {
      simulated: wholeSeconds(simulatedUs / MICROSECONDS_PER_SECOND),
      whole: `${formatDuration(durationUs)}${of}`,
      speed: `${(eventCount / seconds / 1_000_000).toFixed(1)}M`,
      left: wholeSeconds((seconds * (total - done)) / done),
    }
    if (!this.isVisible) {
      this.bar.start(total, done, payload)
      this.isVisible = true
    } else this.bar.update(done, payload)
  }

  readonly end = (): void => {
    if (this.isVisible) this.bar.stop()
  }
}

function wholeSeconds(seconds: number): string {
  return formatDuration(Math.round(seconds) * MICROSECONDS_PER_SECOND)
}
