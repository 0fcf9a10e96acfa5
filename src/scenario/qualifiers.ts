/**
 * Which versions and qualifiers a function has, and what a reference to it means.
 * Source: Lambda developer guide, "Managing Lambda function aliases" and "Configuring provisioned
 * concurrency".
 */
import type { QualifierSettings } from '../model/compiled-scenario.ts'
import type { ProvisionedScalingSettings } from '../model/compute/scaling-settings.ts'
import { nearest } from './diagnostics.ts'
import { NAME_PATTERN } from './schema/common.ts'
import type { FunctionConfig } from './schema/function.ts'
import type { ProvisionedConfig } from './schema/provisioned.ts'

export const LATEST = '$LATEST'
/** The alias and version that the shorthand `provisionedConcurrentExecutions` stands for. */
export const SHORTHAND_ALIAS = 'live'
export const SHORTHAND_VERSION = '1'

/** A function's versions and qualifiers in the making: references may add versions to them. */
export interface QualifierPlan {
  /** Index 0 is what the bare name resolves to. */
  readonly versions: string[]
  /** Index 0 is what the bare name resolves to. */
  readonly qualifiers: QualifierSettings[]
}

export function planQualifiers(config: FunctionConfig): QualifierPlan {
  const plan: QualifierPlan = { versions: [], qualifiers: [] }
  const shorthand = config.provisionedConcurrentExecutions
  if (shorthand === undefined) {
    plan.qualifiers.push(qualifier('', [route(plan, LATEST, 1)], undefined))
  } else {
    plan.qualifiers.push(qualifier(SHORTHAND_ALIAS, [route(plan, SHORTHAND_VERSION, 1)], shorthand))
  }
  for (const [name, alias] of Object.entries(config.aliases ?? {})) {
    const others = Object.entries(alias.routingConfig ?? {})
    const moved = others.reduce((sum, [, share]) => sum + share, 0)
    const routes = [
      route(plan, alias.functionVersion, 1 - moved),
      ...others.map(([version, share]) => route(plan, version, share)),
    ]
    plan.qualifiers.push(qualifier(name, routes, alias.provisionedConcurrentExecutions))
  }
  for (const [version, { provisionedConcurrentExecutions }] of Object.entries(
    config.versions ?? {},
  )) {
    const routes = [route(plan, version, 1)]
    plan.qualifiers.push(qualifier(version, routes, provisionedConcurrentExecutions))
  }
  return plan
}

function route(plan: QualifierPlan, version: string, weight: number) {
  let index = plan.versions.indexOf(version)
  if (index < 0) index = plan.versions.push(version) - 1
  return { version: index, weight }
}

function qualifier(
  name: string,
  routes: QualifierSettings['routes'],
  provisioned: ProvisionedConfig | undefined,
): QualifierSettings {
  const atStart = provisioned === undefined ? 0 : startCapacity(provisioned)
  return {
    name,
    routes,
    provisionedConcurrency: atStart,
    hasProvisionedConcurrency: provisioned !== undefined,
    initialProvisionedConcurrency: atStart,
    scaling: scalingOf(provisioned),
  }
}

function scalingOf(provisioned: ProvisionedConfig | undefined): ProvisionedScalingSettings | null {
  if (provisioned === undefined || typeof provisioned === 'number') return null
  const schedule = (provisioned.schedule ?? []).map((action) => ({
    when: (action.at ?? action.cron ?? action.rate)!,
    minimum: action.capacity ?? action.minCapacity ?? null,
    maximum: action.capacity ?? action.maxCapacity ?? null,
  }))
  return { schedule, targetTracking: provisioned.targetTracking ?? null }
}

/** What is configured at the start of the run. */
function startCapacity(provisioned: ProvisionedConfig): number {
  if (typeof provisioned === 'number') return provisioned
  return provisioned.capacity ?? provisioned.targetTracking?.minCapacity ?? 0
}

/** The most that may ever be configured. */
export function largestCapacity(provisioned: ProvisionedConfig | undefined): number {
  if (provisioned === undefined || typeof provisioned === 'number') return provisioned ?? 0
  const { schedule = [], targetTracking } = provisioned
  return Math.max(
    startCapacity(provisioned),
    targetTracking?.maxCapacity ?? 0,
    ...schedule.map(({ capacity, maxCapacity, minCapacity }) =>
      Math.max(capacity ?? 0, maxCapacity ?? 0, minCapacity ?? 0),
    ),
  )
}

/** Every qualifier that a reference to this function may name. */
function knownQualifiers(config: FunctionConfig): readonly string[] {
  const aliases = Object.entries(config.aliases ?? {})
  const routed = aliases.flatMap(([, alias]) => [
    alias.functionVersion,
    ...Object.keys(alias.routingConfig ?? {}),
  ])
  const shorthand =
    config.provisionedConcurrentExecutions === undefined ? [] : [SHORTHAND_ALIAS, SHORTHAND_VERSION]
  const names = aliases.map(([name]) => name)
  return [
    ...new Set([...shorthand, ...names, ...Object.keys(config.versions ?? {}), ...routed, LATEST]),
  ]
}

/** Over all qualifiers, at the start of the run. */
export function configuredProvisionedConcurrency(config: FunctionConfig): number {
  return sumOverQualifiers(config, startCapacity)
}

/** Over all qualifiers, if each is given the most that it may ever have. */
export function largestProvisionedConcurrency(config: FunctionConfig): number {
  return sumOverQualifiers(config, largestCapacity)
}

function sumOverQualifiers(
  config: FunctionConfig,
  capacity: (provisioned: ProvisionedConfig) => number,
): number {
  const holders = [
    config,
    ...Object.values(config.aliases ?? {}),
    ...Object.values(config.versions ?? {}),
  ]
  return holders.reduce(
    (sum, { provisionedConcurrentExecutions: provisioned }) =>
      provisioned === undefined ? sum : sum + capacity(provisioned),
    0,
  )
}

/** The index of a qualifier in the plan; a version without settings is added when it is named. */
export function qualifierIndex(plan: QualifierPlan, name: string): number {
  if (name === '') return 0
  const index = plan.qualifiers.findIndex((candidate) => candidate.name === name)
  if (index >= 0) return index
  const bare = plan.qualifiers[0]
  if (name === LATEST && bare?.name === '') return 0
  return plan.qualifiers.push(qualifier(name, [route(plan, name, 1)], undefined)) - 1
}

interface Reference {
  readonly functionName: string
  /** '' for the bare name. */
  readonly qualifier: string
}

export type Resolution =
  | { readonly ok: true; readonly reference: Reference }
  | { readonly ok: false; readonly message: string; readonly suggestion?: string }

/** Reads `checkout`, `functions.checkout` or either with `:qualifier`. */
export function resolveReference(
  text: string,
  functions: ReadonlyMap<string, FunctionConfig | null>,
): Resolution {
  const colon = text.indexOf(':')
  const node = colon < 0 ? text : text.slice(0, colon)
  const wanted = colon < 0 ? '' : text.slice(colon + 1)
  const functionName = node.startsWith('functions.') ? node.slice('functions.'.length) : node
  // A key that is no name has its own problem and is nothing to recommend.
  const names = [...functions.keys()].filter((name) => NAME_PATTERN.test(name))
  if (!functions.has(functionName)) {
    const known =
      names.length === 0
        ? `none is declared${functions.size > 0 ? ' under a valid name' : ''}`
        : `known are ${names.join(', ')}`
    const suggestion = nearest(functionName, names)
    const message = `there is no function \`${functionName}\`: ${known}`
    return { ok: false, message, ...(suggestion === undefined ? {} : { suggestion }) }
  }
  const config = functions.get(functionName) ?? null
  if (colon >= 0 && config !== null) {
    const known = knownQualifiers(config)
    if (!known.includes(wanted)) {
      const suggestion = nearest(wanted, known)
      const message = `function \`${functionName}\` has no alias or version \`${wanted}\`: known are ${known.join(', ')}`
      return { ok: false, message, ...(suggestion === undefined ? {} : { suggestion }) }
    }
  }
  return { ok: true, reference: { functionName, qualifier: wanted } }
}

/** Aliases and versions for which provisioned concurrency is written, even as 0. */
export function provisionedQualifiers(config: FunctionConfig): readonly string[] {
  const shorthand = config.provisionedConcurrentExecutions === undefined ? [] : [SHORTHAND_ALIAS]
  const aliases = Object.entries(config.aliases ?? {}).flatMap(([alias, settings]) =>
    settings.provisionedConcurrentExecutions === undefined ? [] : [alias],
  )
  return [...shorthand, ...aliases, ...Object.keys(config.versions ?? {})]
}
