/** Numbers of a state that a field gives, or by its data a path or an expression. */
import { PathFault, readPath } from './json-path.ts'
import { type Fields, UNKNOWN } from './known.ts'
import type { Expander, Situation } from './situation.ts'
import { textValue } from './templates.ts'

interface Bounds {
  readonly least: number
  readonly most?: number
  /** Without fractions, which is the default. */
  readonly isWhole?: boolean
  /** Where the field is, if not in the state itself. */
  readonly own?: Fields
}

/** null: none is given, or it is not known. Throws a PathFault where it is no such number. */
export async function numberOf(
  expander: Expander,
  place: Situation,
  key: string,
  { least, most = Number.MAX_SAFE_INTEGER, isWhole = true, own = place.state }: Bounds,
): Promise<number | null> {
  const { evaluation, isJsonata, name } = place
  const path = own[`${key}Path`]
  let given: unknown = own[key]
  if (path !== undefined) given = readPath(String(path), evaluation)
  else if (isJsonata && typeof given === 'string') given = await textValue(given, evaluation)
  if (given === undefined) return null
  if (given === UNKNOWN) {
    expander.warn(`state ${name}: ${key} depends on data that is not known, so that there is none`)
    return null
  }
  const isNumber = typeof given === 'number' && given >= least && given <= most
  if (isNumber && (!isWhole || Number.isInteger(given))) return given as number
  const range = most < Number.MAX_SAFE_INTEGER ? `${least} to ${most}` : `${least}`
  throw new PathFault(`${key} is ${JSON.stringify(given)}, and no number from ${range}`)
}
