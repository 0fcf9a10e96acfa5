/** What is wrong with a scenario, where, and how it is shown: `FILE:LINE:COLUMN: message`. */

/** One fault, positioned from 1. A fault of the whole document points at a line too. */
export interface Diagnostic {
  readonly line: number
  readonly column: number
  readonly message: string
  /** The key or value that was probably meant. */
  readonly suggestion?: string
  /** Lines of YAML that would mend it. */
  readonly example?: readonly string[]
  /** How many columns the fault covers; 1 when left out. */
  readonly length?: number
  /** The file that it is in, where that is not the scenario. */
  readonly source?: { readonly fileName: string; readonly text: string }
}

/** A fault at a place of the document's tree, before it has a line. */
export interface Problem {
  readonly path: readonly PathSegment[]
  /** What the caret points at: the value, its key, or the key of the map in which a key is missing. */
  readonly at: 'value' | 'key' | 'parent'
  readonly message: string
  readonly suggestion?: string
  readonly example?: readonly string[]
}

export type PathSegment = string | number

const WIDEST_SOURCE_LINE = 100

/** Every diagnostic as text, in the order of the document, each with its source line and a caret. */
export function formatDiagnostics(
  fileName: string,
  text: string,
  diagnostics: readonly Diagnostic[],
): string {
  const own = text.split('\n')
  return inDocumentOrder(diagnostics)
    .map((diagnostic) => {
      const { line, column, message, suggestion, example = [], source: other } = diagnostic
      const lines = other === undefined ? own : other.text.split('\n')
      const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`
      const head = `${other?.fileName ?? fileName}:${line}:${column}: ${printable(message)}${printable(hint)}`
      const source = lines[line - 1] ?? ''
      const place = excerpt(source.replace(/\r$/, ''), column, diagnostic.length ?? 1)
      return [head, place, ...example.map((text) => `    ${printable(text)}`)].join('\n')
    })
    .join('\n')
}

export function inDocumentOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>()
  return [...diagnostics]
    .sort((a, b) => byFile(a, b) || a.line - b.line || a.column - b.column)
    .filter(({ line, column, message, source }) => {
      const identity = `${source?.fileName}:${line}:${column}:${message}`
      if (seen.has(identity)) return false
      seen.add(identity)
      return true
    })
}

/** The scenario's own first. */
function byFile({ source: one }: Diagnostic, { source: other }: Diagnostic): number {
  const [name = '', otherName = ''] = [one?.fileName, other?.fileName]
  return name < otherName ? -1 : Number(name > otherName)
}

/** The source line and the caret line under it; of a long line the part around the caret. */
function excerpt(source: string, column: number, length: number): string {
  const start = column - 1
  let from = 0
  let to = source.length
  if (source.length > WIDEST_SOURCE_LINE) {
    from = Math.max(0, Math.min(start - 40, source.length - WIDEST_SOURCE_LINE))
    to = Math.min(source.length, from + WIDEST_SOURCE_LINE)
  }
  const left = from > 0 ? '...' : ''
  const right = to < source.length ? '...' : ''
  const shown = `${left}${printable(source.slice(from, to))}${right}`
  const carets = '^'.repeat(Math.max(1, Math.min(length, to - start)))
  return `  ${shown}\n  ${' '.repeat(left.length + start - from)}${carets}`
}

/** A scenario's text must not steer the terminal that shows it. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  return text.replace(/\t/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '\u00b7')
}

/** `functions.checkout.memorySize`, `traffic.shoppers.stages.1.rate`. */
export function pathText(path: readonly PathSegment[]): string {
  return path.join('.')
}

/** The nearest of some known words, when it is near enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein's distance, or `enough` as soon as it cannot be smaller. */
function editDistance(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const insertion = (current[column - 1] ?? 0) + 1
      const deletion = (previous[column] ?? 0) + 1
      current.push(Math.min(substitution, insertion, deletion))
    }
    if (Math.min(...current) >= enough) return enough
    previous = current
  }
  return previous[b.length] ?? enough
}
