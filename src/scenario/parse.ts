/**
 * YAML 1.2 text to a plain value in which every node still knows its line and column.
 * What YAML allows but a scenario cannot use (several documents, cycles, aliases that explode,
 * tags, binary data) is refused here with one diagnostic each.
 */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml'
import { decode, textFault } from './decode.ts'
import type { Diagnostic, PathSegment, Problem } from './diagnostics.ts'
import { type AliasTargets, Converter, DEEPEST_NESTING, type Place } from './yaml-values.ts'

/** The parsed document: its plain value and the way back from a path to a place in the text. */
export interface SourceDocument {
  readonly fileName: string
  readonly text: string
  readonly value: unknown
  locate(problem: Problem): Diagnostic
}

export type ParseResult =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly text: string; readonly diagnostics: readonly Diagnostic[] }

const TOO_DEEP = `nested too deeply: a scenario has at most ${DEEPEST_NESTING} levels`

const YAML_OPTIONS = {
  prettyErrors: false,
  version: '1.2',
  stringKeys: true,
  // With 'silent' a second document would go unnoticed.
  logLevel: 'error',
} as const

/** What a text is expected to be, for messages. */
export interface TextSort {
  readonly noun: string
  readonly keys: string
  /** What tags that it may hold stand for: `!Sub x` is read as a map `{ 'Fn::Sub': x }`. */
  readonly tags?: Readonly<Record<string, string>>
}

const SCENARIO_TEXT: TextSort = { noun: 'a scenario', keys: '`name` and `functions`' }

export function parseScenarioText(
  input: string | Uint8Array,
  fileName: string,
  sort: TextSort = SCENARIO_TEXT,
): ParseResult {
  const { text, fault: decodingFault } = decode(input)
  const refuse = (...diagnostics: Diagnostic[]): ParseResult => ({ ok: false, text, diagnostics })

  const fault = decodingFault ?? textFault(text)
  if (fault !== null) return refuse(fault)
  const lineCounter = new LineCounter()
  const place = (start: number, end: number): Pick<Diagnostic, 'line' | 'column' | 'length'> => {
    const { line, col } = lineCounter.linePos(start)
    return { line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, end - start) }
  }
  let document: Document.Parsed
  let targets: AliasTargets
  let errors: readonly Diagnostic[]
  try {
    document = parseDocument(text, { ...YAML_OPTIONS, lineCounter })
    targets = aliasTargets(document)
    errors = yamlFaults(document, text, place, sort)
  } catch (error) {
    // The library recurses into what is nested, and the stack ends before the file does.
    const message =
      error instanceof RangeError ? TOO_DEEP : `cannot be read as YAML: ${messageOf(error)}`
    return refuse({ line: 1, column: 1, message })
  }
  if (errors.length > 0) return refuse(...errors)
  if (document.contents === null || (isScalar(document.contents) && isNothing(document.contents))) {
    return refuse({ line: 1, column: 1, message: `the file is empty: ${sort.noun} is a YAML map` })
  }

  const converter = new Converter(targets, place, sort.tags ?? {})
  const value = converter.convert(document.contents)
  if (converter.faults.length > 0) return refuse(...converter.faults)
  const root = document.contents
  if (!isMap(root)) {
    return refuse({
      ...place(root.range[0], root.range[0] + 1),
      message: `${sort.noun} is a YAML map with keys such as ${sort.keys}, not ${
        isSeq(root) ? 'a list' : 'a single value'
      }`,
    })
  }
  return { ok: true, document: { fileName, text, value, locate: locator(targets, root, place) } }
}

function isNothing(scalar: { readonly value: unknown; readonly source?: string }): boolean {
  return scalar.value === null && (scalar.source ?? '') === ''
}

function yamlFaults(
  document: Document.Parsed,
  text: string,
  place: Place,
  { noun, tags = {} }: TextSort,
): Diagnostic[] {
  const found = [...document.errors, ...document.warnings].filter(
    ({ code, pos: [start] }) =>
      code !== 'TAG_RESOLVE_FAILED' || !Object.hasOwn(tags, tagAt(text, start)),
  )
  const exhaustion = found.find(({ code }) => code === 'RESOURCE_EXHAUSTION')
  if (exhaustion !== undefined) return [{ ...place(exhaustion.pos[0], 0), message: TOO_DEEP }]
  const faults: Diagnostic[] = []
  const lines = new Set<number>()
  let openings: readonly Opening[] | null = null
  for (const { code, message, pos } of found) {
    const [start, end] = pos
    // One broken line often brings a chain of follow-up errors; the first on a line is the cause.
    const { line } = place(start, end)
    if (lines.has(line)) continue
    lines.add(line)
    const isQuote = /^Missing closing ["']quote$/.test(message)
    let opening: number | undefined
    if (isQuote || / end with a [\]}]$/.test(message)) {
      openings ??= openingsIn(text)
      opening = openingOf(isQuote, openings, start)
    }
    if (opening !== undefined) {
      const written = `\`${text.charAt(opening)}\``
      faults.push({ ...place(opening, 0), message: `not valid YAML: ${written} is never closed` })
      continue
    }
    // What is missing at the end is shown after the last word, not on the empty line behind it.
    const from = start < text.length ? start : Math.min(start, text.trimEnd().length)
    const position = place(from, Math.min(end, start + 60))
    faults.push({ ...position, message: plainYamlMessage(code, message, text.slice(start), noun) })
    if (code === 'MULTIPLE_DOCS') break
  }
  return faults
}

interface Opening {
  readonly isQuote: boolean
  readonly start: number
  readonly end: number
}

/** Quotes, and brackets that nothing closes. Their tokens are kept only here, for a broken file. */
function openingsIn(text: string): readonly Opening[] {
  const openings: Opening[] = []
  visit(parseDocument(text, { ...YAML_OPTIONS, keepSourceTokens: true }), {
    Node: (_, { srcToken }) => {
      if (srcToken === undefined) return
      const start = srcToken.offset
      if ('source' in srcToken) {
        openings.push({ isQuote: true, start, end: start + srcToken.source.length })
      } else if (srcToken.type === 'flow-collection' && !srcToken.end.some(isFlowEnd)) {
        openings.push({ isQuote: false, start, end: start })
      }
    },
  })
  return openings
}

/** Where the bracket or quote stands whose end is missed at `at`: the innermost. */
function openingOf(isQuote: boolean, openings: readonly Opening[], at: number): number | undefined {
  return openings
    .filter((one) => one.isQuote === isQuote && one.start < at && (!isQuote || one.end === at))
    .reduce<number | undefined>((last, { start }) => Math.max(last ?? 0, start), undefined)
}

function isFlowEnd({ type }: { readonly type: string }): boolean {
  return type === 'flow-seq-end' || type === 'flow-map-end'
}

function tagAt(text: string, start: number): string {
  return text.slice(start).trim().split(/\s/)[0] ?? ''
}

function plainYamlMessage(code: string, message: string, source: string, noun: string): string {
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = /^("[^"]*"|'[^']*'|[^\s:]+)/.exec(source)?.[0]
      return key === undefined ? 'duplicate key' : `duplicate key \`${key}\`: a key may stand once`
    }
    case 'MULTIPLE_DOCS':
      return `the file holds several YAML documents: ${noun} is one`
    case 'TAB_AS_INDENT':
      return 'a tab indents this line: YAML indents with spaces'
    case 'TAG_RESOLVE_FAILED':
      return `YAML tags such as \`${tagAt(source, 0)}\` mean nothing in ${noun}`
    case 'NON_STRING_KEY':
      return 'a key must be a plain word'
    default: {
      const first = message.split('\n')[0] ?? message
      return `not valid YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`
    }
  }
}

/** What each alias stands for: the last node of its anchor before it. */
function aliasTargets(document: Document.Parsed): AliasTargets {
  const anchors = new Map<string, Node>()
  const targets = new Map<Alias, Node>()
  visit(document, {
    Alias: (_, alias) => {
      const target = anchors.get(alias.source)
      if (target !== undefined) targets.set(alias, target)
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node)
    },
  })
  return targets
}

/** Where a problem's path leads in the text; the nearest existing node when it leads nowhere. */
function locator(targets: AliasTargets, root: YAMLMap, place: Place) {
  const resolved = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node)
  return ({ path, at, ...told }: Problem): Diagnostic => {
    const wanted = at === 'parent' ? path.slice(0, -1) : path
    let node: unknown = root
    let written: unknown = root
    let key: unknown = null
    let index = 0
    while (index < wanted.length) {
      const next = child(resolved(node), wanted, index)
      if (next === null) break
      key = next.key
      written = next.value
      node = next.value
      index += next.segments
    }
    const isFound = index === wanted.length
    const target = (at === 'value' && isFound ? (written ?? key) : (key ?? written)) as Node | null
    const range = target?.range ?? [0, 1]
    // A map or list is pointed at where it begins; underlining all of it would say nothing.
    const end = isScalar(target) || isAlias(target) ? range[1] : range[0] + 1
    return { ...place(range[0], end), ...told }
  }
}

/** The child that a path's next segment names; dotted keys such as `functions.api` span several. */
function child(node: unknown, path: readonly PathSegment[], index: number) {
  if (isSeq(node)) {
    const position = Number(path[index])
    const item = node.items[position]
    return item === undefined ? null : { key: null, value: item, segments: 1 }
  }
  if (!isMap(node)) return null
  for (let segments = 1; index + segments <= path.length; segments++) {
    const name = path.slice(index, index + segments).join('.')
    const pair = node.items.find(
      (item) => isScalar(item.key) && String(item.key.value ?? '') === name,
    )
    if (pair !== undefined) return { key: pair.key, value: pair.value, segments }
  }
  const start = `${path[index]}.`
  const dotted = node.items.find(
    (item) => isScalar(item.key) && String(item.key.value).startsWith(start),
  )
  return dotted === undefined
    ? null
    : { key: dotted.key, value: dotted.value, segments: path.length }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
