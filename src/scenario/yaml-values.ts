/** From the nodes of a YAML document to plain values. */
import { type Alias, isAlias, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml'
import type { Diagnostic } from './diagnostics.ts'

/** Values after all aliases are resolved: aliases of aliases could otherwise fill the memory. */
const MOST_VALUES = 200_000
export const DEEPEST_NESTING = 64

export type Place = (start: number, end: number) => Pick<Diagnostic, 'line' | 'column' | 'length'>

export type AliasTargets = ReadonlyMap<Alias, Node>

/** Turns nodes into plain values, following aliases, and stops at cycles and explosions. */
export class Converter {
  readonly faults: Diagnostic[] = []
  private readonly targets: AliasTargets
  private readonly place: Place
  private readonly tags: Readonly<Record<string, string>>
  private readonly ancestors = new Set<Node>()
  private values = 0

  constructor(targets: AliasTargets, place: Place, tags: Readonly<Record<string, string>>) {
    this.targets = targets
    this.place = place
    this.tags = tags
  }

  convert(node: unknown): unknown {
    if (node === null || node === undefined) return null
    const { tag } = node as { readonly tag?: string }
    const name = tag === undefined ? undefined : this.tags[tag]
    const value = this.untagged(node as Node)
    return name === undefined ? value : { [name]: value }
  }

  private untagged(current: Node): unknown {
    if (this.faults.length > 0) return null
    this.values++
    if (this.values > MOST_VALUES)
      return this.fault(current, `more than ${MOST_VALUES} values: aliases of aliases multiply`)
    if (this.ancestors.size > DEEPEST_NESTING)
      return this.fault(current, `nested deeper than ${DEEPEST_NESTING} levels`)
    if (isAlias(current)) return this.alias(current)
    if (isScalar(current))
      return typeof current.value === 'bigint' ? Number(current.value) : current.value
    if (this.ancestors.has(current)) return null
    this.ancestors.add(current)
    const value = isSeq(current)
      ? current.items.map((item) => this.convert(item))
      : this.map(current as YAMLMap)
    this.ancestors.delete(current)
    return value
  }

  private alias(alias: Alias): unknown {
    const target = this.targets.get(alias)
    if (target === undefined) return this.fault(alias, `unknown anchor \`*${alias.source}\``)
    if (this.ancestors.has(target)) {
      return this.fault(
        alias,
        `\`*${alias.source}\` contains itself: a cycle of aliases has no end`,
      )
    }
    return this.convert(target)
  }

  private map(map: YAMLMap): unknown {
    const value: Record<string, unknown> = {}
    for (const pair of map.items) {
      if (!isPair(pair) || !isScalar(pair.key)) {
        this.fault(
          isPair(pair) ? ((pair.key as Node | null) ?? map) : map,
          'a key must be a plain word',
        )
        continue
      }
      const key = String(pair.key.value ?? '')
      if (key === '__proto__') {
        this.fault(pair.key, 'unknown key `__proto__`')
        continue
      }
      value[key] = this.convert(pair.value)
    }
    return value
  }

  private fault(node: Node, message: string): null {
    const start = node.range?.[0] ?? 0
    const isShort = isScalar(node) || isAlias(node)
    const end = isShort ? (node.range?.[1] ?? start) : start + 1
    this.faults.push({ ...this.place(start, end), message })
    return null
  }
}
