/** Tables of keys for a page of the reference, from the schema with our own notes. */
import { RETRY_MODES } from '../model/clients/retry-modes/index.ts'
import { KEEP_ALIVE_POLICIES } from '../model/compute/keep-alive/index.ts'
import { DOWNSTREAMS } from '../model/downstream/index.ts'
import { ARRIVAL_PROCESSES } from '../model/traffic/index.ts'
import type { JsonSchema } from './json-schema.ts'

/** Longer lists of values stand in a sentence under the table. */
const MOST_VALUES_IN_A_CELL = 9

export class Page {
  readonly lines: string[] = []
  private readonly written = new Map<string, string>()
  private readonly elsewhere = new Map<JsonSchema, string>()

  /** The keys of this schema stand on another page; `link` leads there. */
  leaveOut(schema: JsonSchema, link: string): void {
    this.elsewhere.set(schema, link)
  }

  /** A map, or one of several kinds of maps. */
  node(path: string, schema: JsonSchema): void {
    const alternatives = (schema.anyOf ?? schema.oneOf ?? []).filter(hasKeys)
    if (alternatives.length > 1) this.alternatives(path, alternatives, schema)
    else this.section(path, path, schema)
  }

  /** One table per map; the maps in it follow as sections of their own. */
  section(path: string, title: string, schema: JsonSchema): void {
    const { properties = {}, required = [], description } = schema
    const lines: string[] = []
    if (path !== '' && description !== undefined) lines.push(description, '')
    lines.push('| key | type | default | description | source |', '|---|---|---|---|---|')
    const longLists: string[] = []
    for (const [key, property] of Object.entries(properties)) {
      const cells = [
        `\`${key}\``,
        typeOf(property),
        defaultOf(property, required.includes(key)),
        property.description ?? (property.const === undefined ? '' : 'Selects this alternative.'),
        property.source ?? '',
      ]
      lines.push(`| ${cells.map(cell).join(' | ')} |`)
      const values = property.enum ?? []
      if (values.length > MOST_VALUES_IN_A_CELL) {
        longLists.push(
          `Values of \`${key}\`: ${values.map((value) => `\`${value}\``).join(', ')}.`,
          '',
        )
      }
    }
    lines.push('', ...longLists)
    if (this.write(path, title, lines)) this.innerMaps(path, title, properties)
  }

  /** Alternatives share sections: false where the same one stands there already. */
  private write(path: string, title: string, lines: readonly string[]): boolean {
    const text = lines.join('\n')
    if (this.written.get(path) === text) return false
    const heading = this.written.has(path) || path === '' ? title : path
    this.written.set(path, text)
    this.lines.push(heading === 'Top level' ? `## ${heading}` : `## \`${heading}\``, '', ...lines)
    return true
  }

  private innerMaps(path: string, title: string, properties: Record<string, JsonSchema>): void {
    const [place = '', kind] = path.split(': ')
    const prefix = place === '' ? '' : `${place}.`
    const label =
      kind === undefined ? title.slice(path === '' ? title.length : path.length) : ` (${kind})`
    for (const [key, property] of Object.entries(properties)) {
      this.inner(`${prefix}${key}`, label, property)
    }
  }

  /** The maps that a property holds: itself, by name, in a list, or as alternatives. */
  private inner(path: string, label: string, schema: JsonSchema): void {
    if (isDistribution(schema)) return
    const links = [schema, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap(
      (one) => this.elsewhere.get(one) ?? [],
    )
    if (links.length > 0) {
      this.lines.push(`## \`${path}\``, '', `See ${links.join(', ')}.`, '')
      return
    }
    const { properties, additionalProperties, items, description } = schema
    const described = (inner: JsonSchema): JsonSchema =>
      description === undefined || inner.description !== undefined || this.elsewhere.has(inner)
        ? inner
        : { ...inner, description }
    if (properties !== undefined) this.section(path, `${path}${label}`, schema)
    if (typeof additionalProperties === 'object') {
      this.inner(`${path}.NAME`, label, described(additionalProperties))
    }
    if (items !== undefined) this.inner(`${path}[]`, label, described(items))
    const alternatives = (schema.anyOf ?? schema.oneOf ?? []).filter(hasKeys)
    if (alternatives.length > 1) this.alternatives(path, alternatives, schema)
    else for (const only of alternatives) this.section(path, `${path}${label}`, described(only))
  }

  /** What all have in common first, then what each adds. */
  private alternatives(path: string, all: readonly JsonSchema[], whole: JsonSchema): void {
    const [first = {}, ...others] = all
    const common = Object.entries(first.properties ?? {}).filter(([key, property]) =>
      others.every((other) => JSON.stringify(other.properties?.[key]) === JSON.stringify(property)),
    )
    const commonKeys = common.map(([key]) => key)
    if (common.length > 0) {
      const { required = [] } = first
      const { description = '' } = whole
      this.section(path, path, { description, required, properties: Object.fromEntries(common) })
    }
    for (const alternative of all) {
      const own = Object.entries(alternative.properties ?? {}).filter(
        ([key]) => !commonKeys.includes(key),
      )
      const required = (alternative.required ?? []).filter((key) => !commonKeys.includes(key))
      const rest = { ...alternative, required, properties: Object.fromEntries(own) }
      const summary = summaryOf(alternative)
      const label = `${path}: ${labelOf(rest)}`
      this.section(label, label, {
        ...rest,
        ...(summary === undefined ? {} : { description: summary }),
      })
    }
  }
}

function hasKeys({ properties }: JsonSchema): boolean {
  return properties !== undefined
}

/** What tells alternatives apart: the value of a fixed key, or the keys that must be there. */
function labelOf({ properties = {}, required = [] }: JsonSchema): string {
  const fixed = Object.entries(properties).find(([, { const: value }]) => value !== undefined)
  return fixed === undefined ? required.join(', ') : `${fixed[0]} ${String(fixed[1].const)}`
}

/** The sentence that a listed kind says of itself. */
function summaryOf({ properties = {} }: JsonSchema): string | undefined {
  const { mode, process, policy, type } = properties
  if (mode?.const !== undefined) {
    return RETRY_MODES.find((entry) => entry.kind === mode.const)?.summary
  }
  if (process?.const !== undefined) {
    return ARRIVAL_PROCESSES.find((entry) => entry.kind === process.const)?.summary
  }
  if (policy?.const !== undefined) {
    return KEEP_ALIVE_POLICIES.find((entry) => entry.kind === policy.const)?.summary
  }
  return DOWNSTREAMS.find((entry) => entry.kind === type?.const)?.summary
}

function isDistribution({ anyOf = [] }: JsonSchema): boolean {
  return anyOf.some(({ properties }) => properties?.lognormal !== undefined)
}

function typeOf(schema: JsonSchema): string {
  if (schema.typeText !== undefined) return schema.typeText
  if (isDistribution(schema)) return '[distribution](#distributions)'
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum !== undefined) {
    if (schema.enum.length > MOST_VALUES_IN_A_CELL) return 'one of the values below'
    return schema.enum.map((value) => `\`${String(value)}\``).join(', ')
  }
  const alternatives = schema.anyOf ?? schema.oneOf ?? []
  if (alternatives.length > 0) return [...new Set(alternatives.map(typeOf))].join(' or ')
  const { type, minimum, maximum, items, additionalProperties } = schema
  if (type === 'integer' || type === 'number') {
    const range = minimum === undefined || maximum === undefined ? '' : `, ${minimum} to ${maximum}`
    return `${type === 'integer' ? 'whole number' : 'number'}${range}`
  }
  if (type === 'array') return items === undefined ? 'list' : `list of ${typeOf(items)}`
  if (type === 'object') return typeof additionalProperties === 'object' ? 'map by name' : 'map'
  if (type === 'boolean') return '`true` or `false`'
  return type === 'string' ? 'text' : 'any value'
}

function defaultOf(schema: JsonSchema, isRequired: boolean): string {
  if (schema.defaultText !== undefined) return schema.defaultText
  if (isRequired) return 'required'
  const { default: value } = schema
  if (value === undefined) return 'none'
  if (value === '') return 'empty'
  if (Array.isArray(value)) return 'none'
  return typeof value === 'object' ? 'its defaults' : `\`${String(value)}\``
}

export function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ')
}
