/**
 * What a report says, before anyone decides how it looks: text for a terminal and Markdown for a
 * pull request are two renderings of the same blocks.
 */

/** How a line stands to the reader. It is always also said in words or by its mark. */
export type Tone = 'good' | 'bad' | 'doubtful' | 'quiet' | 'plain'

export type Block =
  /** The first thing to read; `lines` follow indented. */
  | {
      readonly kind: 'verdict'
      readonly tone: Tone
      readonly text: string
      readonly lines: readonly string[]
    }
  | { readonly kind: 'heading'; readonly text: string }
  /** Stands apart, and quietly. */
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'text'; readonly tone: Tone; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly ListItem[] }
  | {
      readonly kind: 'table'
      readonly title: string
      readonly columns: readonly Column[]
      readonly rows: readonly Row[]
      /** Whether the cells need their column titles to be understood. */
      readonly hasHead: boolean
    }

export interface ListItem {
  readonly tone: Tone
  /** `assumed`, `measured`, `warning`: stands in front, meaning is never by colour alone. */
  readonly mark: string
  readonly text: string
}

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

export interface Row {
  readonly tone: Tone
  readonly cells: readonly string[]
}

/** The sign in front of a verdict or a row: it carries the tone where colour does not. */
export const TONE_SIGNS: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✗',
  doubtful: '≈',
  quiet: '·',
  plain: '·',
}
