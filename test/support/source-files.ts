/** The project's own files, and TypeScript without what only people read. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Files below a folder whose name ends so, as paths from the root of the project. */
export function filesBelow(folder: string, ...endings: readonly string[]): string[] {
  const found: string[] = []
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = posix.join(folder, entry.name)
    if (entry.isDirectory()) found.push(...filesBelow(path, ...endings))
    else if (endings.some((ending) => path.endsWith(ending))) found.push(path)
  }
  return found.sort()
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** After these a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION = new Set('(,=:[!&|?{};+-*%<>~^\n')

/**
 * The code of a TypeScript text: comments become nothing, strings and regular expressions become
 * empty ones of their kind. Code within `${}` stays.
 */
export function codeOf(text: string): string {
  let code = ''
  let position = 0
  /** One entry per open template: how many braces are open within its `${}`. */
  const templates: number[] = []
  const skipTemplate = (): void => {
    while (position < text.length && text[position] !== '`') {
      if (text[position] === '\\') position++
      else if (text.startsWith('${', position)) {
        position += 2
        templates.push(0)
        code += '${'
        return
      }
      position++
    }
    position++
    code += '`'
  }
  while (position < text.length) {
    const character = text[position]!
    if (text.startsWith('//', position)) {
      position = endOf(text, '\n', position)
    } else if (text.startsWith('/*', position)) {
      position = endOf(text, '*/', position + 2) + 2
    } else if (character === "'" || character === '"') {
      position = closing(text, character, position)
      code += `${character}${character}`
    } else if (character === '`') {
      position++
      code += '`'
      skipTemplate()
    } else if (character === '/' && beginsExpression(code)) {
      position = closing(text, '/', position)
      code += '/ /'
    } else {
      position++
      if (templates.length > 0 && character === '{') templates[templates.length - 1]!++
      if (templates.length > 0 && character === '}' && templates[templates.length - 1]!-- === 0) {
        templates.pop()
        code += '}'
        skipTemplate()
      } else code += character
    }
  }
  return code
}

function endOf(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from)
  return found < 0 ? text.length : found
}

/** The position behind the closing quote or slash; a class in a regular expression may hold one. */
function closing(text: string, quote: string, from: number): number {
  let isClass = false
  for (let position = from + 1; position < text.length; position++) {
    const character = text[position]
    if (character === '\\') position++
    else if (quote === '/' && character === '[') isClass = true
    else if (quote === '/' && character === ']') isClass = false
    else if (character === quote && !isClass) return position + 1
  }
  return text.length
}

function beginsExpression(code: string): boolean {
  const before = code.trimEnd()
  // `rates[0]! / 2`: what cannot be null is divided.
  if (/[\w)\]]!$/.test(before)) return false
  return before === '' || BEFORE_EXPRESSION.has(before.at(-1)!) || /\breturn$/.test(before)
}

/** What a file imports or re-exports: packages by name, own files as paths from the root. */
export function importsOf(path: string): string[] {
  const text = textOf(path)
  const statement = /^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm
  const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g
  const found = [...text.matchAll(statement), ...text.matchAll(dynamic)]
  return found.map((match) => {
    const target = match[1] ?? match[2] ?? ''
    return target.startsWith('.') ? posix.join(posix.dirname(path), target) : target
  })
}

/** Texts of single-quoted strings in a file's code. */
export function stringsIn(path: string): string[] {
  return [...textOf(path).matchAll(/'([^'\n\\]*)'/g)].map((match) => match[1] ?? '')
}
