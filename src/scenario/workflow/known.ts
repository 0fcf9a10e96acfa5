/**
 * JSON documents of which a part may be unknown: a simulation runs no code, so that what a task
 * returns is known only where the scenario states it. What is computed from the unknown is unknown.
 */

class Unknown {}

export const UNKNOWN: unknown = new Unknown()

/** On an object: it may have more fields than those that are known. */
const MORE = Symbol('more fields')

export type Fields = Record<string, unknown>

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value !== UNKNOWN
}

export function isOpen(value: Fields): boolean {
  return Object.hasOwn(value, MORE)
}

/** The object with one field set; of an unknown value, an object of which this field is known. */
export function withField(value: unknown, key: string, field: unknown): Fields {
  const isPartial = value === UNKNOWN || (isObject(value) && isOpen(value))
  const fields: Fields = isObject(value) ? value : {}
  const base = isPartial ? opened(fields) : { ...fields }
  base[key] = field
  return base
}

/** A copy that has the same unknown fields. */
export function copied(value: Fields, from: Fields = value): Fields {
  return isOpen(from) ? opened(value) : { ...value }
}

/** A copy that may have more fields. */
export function opened(value: Fields): Fields {
  return Object.defineProperty({ ...value }, MORE, { value: true, enumerable: false })
}

export function isKnown(value: unknown): boolean {
  if (value === UNKNOWN) return false
  if (Array.isArray(value)) return value.every(isKnown)
  if (isObject(value)) return !isOpen(value) && Object.values(value).every(isKnown)
  return true
}

/** The same text for the same document, whatever the order of its fields. */
export function canonical(value: unknown): string {
  if (value === UNKNOWN) return '?'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (isObject(value)) {
    const fields = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    if (isOpen(value)) fields.push('?')
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
