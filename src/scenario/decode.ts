/** From a file's bytes to its text, or to what is wrong with them. */
import type { Diagnostic } from './diagnostics.ts'

/** Far more than any scenario that a person wrote; a file beyond is another kind of file. */
const LARGEST_TEXT = 10_000_000

interface Decoded {
  /** As far as there is any, also of what is refused: a diagnostic shows it. */
  readonly text: string
  readonly fault: Diagnostic | null
}

export function decode(input: string | Uint8Array): Decoded {
  if (input.length > LARGEST_TEXT) {
    return refused('', 0, 'the file is larger than 10 MB: this is no scenario')
  }
  if (typeof input === 'string') return { text: input.replace(/^\ufeff/, ''), fault: null }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(input), fault: null }
  } catch {
    const encoding = utf16Of(input)
    if (encoding !== null) {
      const text = new TextDecoder(encoding).decode(input)
      return refused(text, 0, 'the file is UTF-16: save it as UTF-8, which scenarios are')
    }
    const text = new TextDecoder('utf-8').decode(input)
    const at = Math.max(0, text.indexOf(REPLACEMENT))
    return refused(text, at, 'the file is not UTF-8 text: a scenario is a YAML file')
  }
}

/** What stands for bytes that no character has. */
const REPLACEMENT = '\ufffd'

/** Told by the byte order mark with which editors begin such files. */
function utf16Of([first, second]: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : null
}

function refused(text: string, at: number, message: string): Decoded {
  return { text, fault: { ...positionIn(text, at), message } }
}

function positionIn(text: string, at: number): Pick<Diagnostic, 'line' | 'column'> {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: (before[before.length - 1] ?? '').length + 1 }
}

/** Control characters are a sign of binary data; YAML allows none but tab and line breaks. */
export function textFault(text: string): Diagnostic | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const at = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/)
  if (at < 0) return null
  const code = text.charCodeAt(at).toString(16).padStart(4, '0').toUpperCase()
  return {
    ...positionIn(text, at),
    message: `the file is not text: it contains the character U+${code}`,
  }
}
