/**
 * What CloudFormation and SAM put into a definition before Step Functions reads it: values for
 * `${Name}`, and what functions such as `Fn::GetAtt` stand for. Here that is the name of a node.
 * Source: AWS CloudFormation user guide, "AWS::StepFunctions::StateMachine", DefinitionSubstitutions,
 * and "Intrinsic function reference".
 */
import { isMap } from '../schema-walk.ts'

type Value = Readonly<Record<string, unknown>>

const PLACEHOLDER = /\$\{([^}]+)\}/g

/** Names of the placeholders in a text. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
}

/** A definition with what stands for its placeholders, in keys as well as in values. */
export function substituted(value: unknown, substitutions: Value): unknown {
  if (Array.isArray(value)) return value.map((item) => substituted(item, substitutions))
  if (isMap(value)) {
    const stated = intrinsicValue(value, substitutions)
    if (stated !== undefined) return stated
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => [
        substitutedText(key, substitutions),
        substituted(field, substitutions),
      ]),
    )
  }
  if (typeof value !== 'string') return value
  // A number stands where a field wants a number.
  const whole = /^\$\{([^}]+)\}$/.exec(value)?.[1]
  const isWhole = whole !== undefined && Object.hasOwn(substitutions, whole)
  return isWhole ? substitutions[whole] : substitutedText(value, substitutions)
}

function substitutedText(text: string, substitutions: Value): string {
  return text.replace(PLACEHOLDER, (written, name: string) =>
    Object.hasOwn(substitutions, name) ? String(substitutions[name]) : written,
  )
}

/** undefined where the map is no function of CloudFormation. */
function intrinsicValue(value: Value, substitutions: Value): unknown {
  const [key = '', second] = Object.keys(value)
  if (second !== undefined) return undefined
  const given = value[key]
  const parts = (Array.isArray(given) ? (given as unknown[]) : [given]).map((part) =>
    substituted(part, substitutions),
  )
  const [first] = parts
  switch (key) {
    case 'Ref':
      return typeof first === 'string' ? substituted(`\${${first}}`, substitutions) : undefined
    case 'Fn::ImportValue':
      return first
    case 'Fn::GetAtt':
      return typeof first === 'string' ? first.split('.')[0] : undefined
    case 'Fn::Join': {
      const [, list] = parts
      return Array.isArray(list) ? list.map(String).join(String(first)) : undefined
    }
    case 'Fn::Sub': {
      const [, own] = parts
      const [text] = Array.isArray(given) ? (given as unknown[]) : [given]
      return substituted(text, { ...substitutions, ...(isMap(own) ? own : {}) })
    }
    default:
      return undefined
  }
}

/** The short forms that templates in YAML have for these functions. */
export const TEMPLATE_TAGS: Readonly<Record<string, string>> = {
  '!Ref': 'Ref',
  '!GetAtt': 'Fn::GetAtt',
  '!Sub': 'Fn::Sub',
  '!Join': 'Fn::Join',
  '!ImportValue': 'Fn::ImportValue',
}

const JSON_TEXT_OR_PLACEHOLDER = /"(?:[^"\\]|\\.)*"|(\$\{[\w.:]+\})/g

/**
 * `"MaxConcurrency": ${Most}` is no JSON before the number stands there: in quotes it is a text, as
 * other placeholders are.
 */
export function quotedPlaceholders(json: string): string {
  if (!json.trimStart().startsWith('{')) return json
  return json.replace(JSON_TEXT_OR_PLACEHOLDER, (written, placeholder: string | undefined) =>
    placeholder === undefined ? written : `"${written}"`,
  )
}
