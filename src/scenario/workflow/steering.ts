/** What the scenario says of a state machine's data, checked against its definition. */

import { parseShare, UnitError } from '../../model/units.ts'
import type { Section } from '../../model/world.ts'
import { nearest, type PathSegment } from '../diagnostics.ts'
import { isMap } from '../schema-walk.ts'
import { targetsOf } from './check-definition.ts'
import { type Fields, isObject, UNKNOWN } from './known.ts'

export interface StatedOutcome {
  readonly share: number
  readonly value: unknown
  readonly error: string | null
  readonly isNever: boolean
}

/** The keys of `stateMachines.NAME` that decide where the flow goes. */
export interface Steering {
  /** The state machine's own name. */
  readonly machine: string
  /** UNKNOWN where the scenario states none. */
  /** The input documents and the shares of the executions that have them, which add up to 1. */
  readonly inputs: readonly { readonly share: number; readonly value: unknown }[]
  readonly choices: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly results: Readonly<Record<string, readonly StatedOutcome[]>>
  readonly resources: Readonly<Record<string, string>>
  /** States with a stated duration, number of items or exception. */
  readonly durations: ReadonlySet<string>
  /** Whether one is stated for all services that the simulator lacks. */
  readonly hasServiceDuration: boolean
  readonly items: ReadonlySet<string>
  /** Mean number of items of those. */
  readonly meanItems: Readonly<Record<string, number>>
  /** Aliases and versions of functions: others in ARNs mean the function itself. */
  readonly qualifiers: Readonly<Record<string, readonly string[]>>
  readonly nodes: Readonly<Partial<Record<Section, readonly string[]>>>
}

export type ReportScenario = (
  path: readonly PathSegment[],
  message: string,
  suggestion?: string,
) => void

/** The outcomes of a task; a document that is no list of outcomes is the only one. */
export function outcomesOf(
  results: Readonly<Record<string, unknown>>,
  report: ReportScenario,
): Steering['results'] {
  const found: Record<string, readonly StatedOutcome[]> = {}
  for (const [state, stated] of Object.entries(results)) {
    const isList =
      Array.isArray(stated) &&
      stated.length > 0 &&
      stated.every((entry) => isMap(entry) && Object.hasOwn(entry, 'share'))
    if (!isList) {
      found[state] = [{ share: 1, value: stated, error: null, isNever: false }]
      continue
    }
    const outcomes = (stated as readonly Fields[]).map((entry, index) =>
      outcomeOf(entry, ['results', state, index], report),
    )
    const sum = outcomes.reduce((total, { share }) => total + share, 0)
    if (Math.abs(sum - 1) > 1e-9) {
      report(['results', state], 'the shares of the results of a task add up to 100%')
    }
    found[state] = outcomes
  }
  return found
}

function outcomeOf(
  entry: Fields,
  path: readonly PathSegment[],
  report: ReportScenario,
): StatedOutcome {
  const known = ['share', 'value', 'error', 'never']
  for (const key of Object.keys(entry)) {
    if (known.includes(key)) continue
    report(
      [...path, key],
      `unknown key \`${key}\`: known are ${known.join(', ')}`,
      nearest(key, known),
    )
  }
  const { share: written, value, error, never } = entry
  let share = 0
  try {
    share =
      typeof written === 'number' && (written === 0 || written === 1)
        ? written
        : parseShare(String(written))
  } catch (fault) {
    if (!(fault instanceof UnitError)) throw fault
    report([...path, 'share'], fault.message)
  }
  if ([value, error, never].filter((part) => part !== undefined).length > 1) {
    report(path, 'a result has one of value, error, never')
  }
  return {
    share,
    value: value === undefined ? UNKNOWN : value,
    error: typeof error === 'string' ? error : null,
    isNever: never === true,
  }
}

/** All states of a definition, those of branches and Maps included. */
export function statesIn(flow: unknown): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>()
  const walk = (inner: unknown): void => {
    if (!isObject(inner) || !isObject(inner.States)) return
    for (const [name, state] of Object.entries(inner.States)) {
      if (!isObject(state)) continue
      found.set(name, state)
      walk(state.ItemProcessor)
      walk(state.Iterator)
      if (Array.isArray(state.Branches)) for (const branch of state.Branches) walk(branch)
    }
  }
  walk(flow)
  return found
}

const STEERED: Readonly<Record<string, readonly string[]>> = {
  choices: ['Choice'],
  items: ['Map'],
  results: ['Task'],
  durations: ['Task', 'Wait'],
  errors: ['Task'],
}

/** Maps by state that name none, or one of another type; shares of Choices that go nowhere. */
export function checkSteering(
  machine: Readonly<Record<string, unknown>>,
  definition: unknown,
  report: ReportScenario,
): void {
  const states = statesIn(definition)
  for (const [key, types] of Object.entries(STEERED)) {
    const map = machine[key]
    if (!isMap(map)) continue
    for (const name of Object.keys(map)) {
      const state = states.get(name)
      const known = [...states].flatMap(([other, { Type: type }]) =>
        types.includes(String(type)) ? [other] : [],
      )
      if (state !== undefined && types.includes(String(state.Type))) continue
      const list = known.length === 0 ? 'there is none' : `known are ${known.join(', ')}`
      const what = types.join(' or ')
      report(
        [key, name],
        `\`${name}\` is no ${what} of the definition: ${list}`,
        nearest(name, known),
      )
    }
  }
}

/** Faults of `choices`; what is left of the shares goes to the Default. */
export function checkChoices(
  choices: Steering['choices'],
  definition: unknown,
  report: ReportScenario,
): void {
  const states = statesIn(definition)
  for (const [name, shares] of Object.entries(choices)) {
    const state = states.get(name)
    if (state?.Type !== 'Choice') continue
    const targets = targetsOf(state)
    let sum = 0
    for (const [target, share] of Object.entries(shares)) {
      sum += share
      if (targets.includes(target)) continue
      const known = [...new Set(targets)].join(', ')
      const message = `\`${name}\` does not lead to \`${target}\`: known are ${known}`
      report(['choices', name, target], message, nearest(target, targets))
    }
    if (sum > 1 + 1e-9) report(['choices', name], 'the shares of a Choice add up to 100% at most')
    if (sum < 1 - 1e-9 && state.Default === undefined) {
      report(
        ['choices', name],
        `the shares add up to 100%: \`${name}\` has no Default for the rest`,
      )
    }
  }
}
