/** What a definition leaves open and the scenario does not say yet, as it may be written there. */

/** An entry of a map of `stateMachines.NAME`. */
export interface Lack {
  readonly key: 'definitionSubstitutions' | 'resources' | 'choices' | 'items' | 'durations'
  /** A state, a placeholder, or what the definition calls a node. */
  readonly name: string
  /** In YAML. */
  readonly value: string
  /** What the value is, where it cannot be guessed. */
  readonly note?: string
}

/** In the order in which a reader meets them. */
const KEYS: readonly Lack['key'][] = [
  'definitionSubstitutions',
  'resources',
  'choices',
  'items',
  'durations',
]
/** Of fewer the single messages say enough. */
const FEWEST = 3

/** `durations: { Review: 1s }`. */
export function stated({ key, name, value }: Lack): string {
  return `\`${key}: { ${writtenKey(name)}: ${value} }\``
}

/**
 * Lines of YAML that state all of it, to begin with; none where there is little to state.
 * `states` gives the order of what is said of states.
 */
export function linesFor(lacks: readonly Lack[], states: readonly string[]): readonly string[] {
  const byPlace = new Map(lacks.map((lack) => [`${lack.key} ${lack.name}`, lack]))
  if (byPlace.size < FEWEST) return []
  const ordered = [...byPlace.values()].sort(
    (one, other) => states.indexOf(one.name) - states.indexOf(other.name),
  )
  return KEYS.flatMap((key) => {
    const own = ordered.filter((lack) => lack.key === key)
    const lines = own.map(({ name, value, note }) => {
      const comment = note === undefined ? '' : `  # ${note}`
      return `  ${writtenKey(name)}: ${value}${comment}`
    })
    return lines.length === 0 ? [] : [`${key}:`, ...lines]
  })
}

/** A key as YAML wants it. */
export function writtenKey(name: string): string {
  return /^[A-Za-z][\w -]*$/.test(name) && !/ $/.test(name) ? name : JSON.stringify(name)
}
