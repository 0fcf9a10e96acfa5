import type { Tone } from './document.ts'

/** Colours a piece of text for one kind of output. Escape sequences must not change its width. */
export interface Paint {
  readonly tone: (tone: Tone, text: string) => string
  readonly strong: (text: string) => string
}

/** No colours: files, pipes, NO_COLOR. */
export const PLAIN: Paint = {
  tone: (_tone, text) => text,
  strong: (text) => text,
}
