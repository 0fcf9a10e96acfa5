import { styleText } from 'node:util'
import type { Tone } from '../report/document.ts'
import { type Paint, PLAIN } from '../report/paint.ts'
import type { CommandIo, TextSink } from './io.ts'

const DEFAULT_COLUMNS = 80
const NARROWEST_COLUMNS = 40
const WIDEST_COLUMNS = 100

/** Lines longer than this are hard to read even where there is room. */
export function textWidth(sink: TextSink): number {
  const { columns = 0 } = sink
  // A terminal that does not know its size says 0.
  return columns < NARROWEST_COLUMNS ? DEFAULT_COLUMNS : Math.min(columns, WIDEST_COLUMNS)
}

type Style = Parameters<typeof styleText>[0]

const TONE_STYLES: Readonly<Record<Tone, Style | null>> = {
  good: 'green',
  bad: 'red',
  doubtful: 'yellow',
  quiet: 'dim',
  plain: null,
}

/** Colours only on a terminal that wants them (no-color.org). */
export function paintFor(sink: TextSink, io: CommandIo, isColorWanted: boolean): Paint {
  const { NO_COLOR, TERM } = io.environment
  const isRefused = NO_COLOR !== undefined && NO_COLOR !== ''
  if (!isColorWanted || !sink.isTerminal || isRefused || TERM === 'dumb') return PLAIN
  const styled = (style: Style, text: string) => styleText(style, text, { validateStream: false })
  return {
    tone: (tone, text) => {
      const style = TONE_STYLES[tone]
      return style === null ? text : styled(style, text)
    },
    strong: (text) => styled('bold', text),
  }
}
