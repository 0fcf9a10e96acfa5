/** `[scope.]name.Metric.statistic OPERATOR value`, checked against the catalogue of metrics. */
import type { Threshold } from '../model/compiled-scenario.ts'
import { METRICS, SCOPES, statisticsOf } from '../model/metrics/catalogue.ts'
import type { MetricEntry, Scope } from '../model/metrics/catalogue-entry.ts'
import { parseDuration, parseShare, UnitError } from '../model/units.ts'
import { nearest, type Problem } from './diagnostics.ts'
import { eventEntry, eventsOf, resourceEntry } from './nodes.ts'
import { provisionedQualifiers } from './qualifiers.ts'
import type { PartialScenario } from './validate.ts'

const GRAMMAR =
  'a threshold reads [scope.]name.Metric.statistic, an operator and a value, such as checkout.Throttles.share < 0.1%'

/** The name of the only entity of scope account. */
const ACCOUNT_NAME = 'account'

interface Fault {
  readonly message: string
  readonly suggestion?: string
}

class ThresholdFault extends Error {
  readonly suggestion: string | undefined

  constructor(message: string, suggestion?: string) {
    super(message)
    this.suggestion = suggestion
  }
}

export function compileThresholds(partial: PartialScenario): {
  readonly thresholds: readonly Threshold[]
  readonly problems: readonly Problem[]
} {
  const thresholds: Threshold[] = []
  const problems: Problem[] = []
  for (const [index, text] of partial.thresholds.entries()) {
    if (text === null) continue
    try {
      thresholds.push(parseThreshold(text, partial))
    } catch (error) {
      if (!(error instanceof ThresholdFault) && !(error instanceof UnitError)) throw error
      const fault: Fault =
        error instanceof ThresholdFault && error.suggestion !== undefined
          ? { message: error.message, suggestion: error.suggestion }
          : { message: error.message }
      problems.push({ path: ['thresholds', index], at: 'value', ...fault })
    }
  }
  return { thresholds, problems }
}

function parseThreshold(text: string, partial: PartialScenario): Threshold {
  const match = /^\s*(\S+?)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text)
  const [, subject = '', operator = '', limit = ''] = match ?? []
  const parts = /^(.+)\.((?!p\d)\w+)\.(p99\.9|[A-Za-z0-9]+)$/.exec(subject)
  if (match === null || parts === null)
    throw new ThresholdFault(`\`${text}\` is no threshold: ${GRAMMAR}`)
  const [, entity = '', metricName = '', statisticName = ''] = parts
  const metric = METRICS.find((entry) => entry.name === metricName)
  if (metric === undefined) {
    const names = METRICS.map((entry) => entry.name)
    throw new ThresholdFault(`there is no metric \`${metricName}\``, nearest(metricName, names))
  }
  const statistic = statisticsOf(metric).find((known) => known === statisticName)
  if (statistic === undefined) {
    const known = statisticsOf(metric).join(', ')
    throw new ThresholdFault(
      `${metric.name} has no statistic \`${statisticName}\`: it has ${known}`,
    )
  }
  const { scope, name } = resolveEntity(entity, metric, partial)
  return {
    text: text.trim(),
    scope,
    name,
    metric: metric.name,
    statistic,
    operator: operator as Threshold['operator'],
    limit: parseLimit(limit, metric, statistic),
  }
}

function resolveEntity(
  entity: string,
  metric: MetricEntry,
  partial: PartialScenario,
): { readonly scope: Scope; readonly name: string } {
  const names = entityNames(partial)
  const [first = '', ...rest] = entity.split('.')
  const scope = SCOPES.find((known) => known === first)
  const candidates =
    scope !== undefined && (rest.length > 0 || scope === 'account')
      ? [{ scope, name: rest.length === 0 ? ACCOUNT_NAME : rest.join('.') }]
      : metric.scopes.map((candidate) => ({ scope: candidate, name: entity }))
  const found = candidates.filter(
    (candidate) =>
      metric.scopes.includes(candidate.scope) &&
      (names.get(candidate.scope) ?? []).includes(candidate.name),
  )
  const [only, second] = found
  if (only?.scope === 'function' && second === undefined) {
    const config = partial.functions.get(only.name) ?? null
    if (needsProvisioned(metric) && config !== null && provisionedQualifiers(config).length === 0) {
      throw new ThresholdFault(
        `${metric.name} is never known: ${only.name} has no provisioned concurrency`,
      )
    }
  }
  if (only?.scope === 'event' && second === undefined) {
    const type = typeWithout(metric, only.name, partial)
    if (type !== undefined) {
      throw new ThresholdFault(
        `${metric.name} is never known: events of type ${type} do not have it`,
      )
    }
  }
  if (only === undefined) {
    const known = metric.scopes.flatMap((candidate) => names.get(candidate) ?? [])
    const wanted = candidates[0]?.name ?? entity
    const list = known.length === 0 ? 'nothing here has it' : [...new Set(known)].join(', ')
    throw new ThresholdFault(
      `\`${entity}\` has no metric ${metric.name}: known with it: ${list}`,
      nearest(
        wanted,
        known.filter((name) => name !== wanted),
      ),
    )
  }
  if (second !== undefined) {
    const scopes = found.map((candidate) => `${candidate.scope}.${candidate.name}`).join(' or ')
    throw new ThresholdFault(`\`${entity}\` is several things: write ${scopes}`)
  }
  return only
}

/** How often something fires does not matter here. */
const NO_RUN = { startsAtMs: 0, durationUs: 0 }

/** The type of an event that never has this metric; undefined where it has. */
function typeWithout(
  metric: MetricEntry,
  eventName: string,
  { functions }: PartialScenario,
): string | undefined {
  const place = eventsOf(functions).find(
    ({ functionName, eventName: own }) => `${functionName}.${own}` === eventName,
  )
  if (place === undefined) return undefined
  const known = eventEntry(place.event).metrics?.(place.event) ?? []
  return known.includes(metric.name) ? undefined : place.event.type
}

/** Only where provisioned concurrency is written, even as 0, do these have values. */
function needsProvisioned({ name }: MetricEntry): boolean {
  return name.startsWith('ProvisionedConcurren')
}

function entityNames({
  functions,
  traffic,
  resources,
}: PartialScenario): ReadonlyMap<Scope, readonly string[]> {
  return new Map<Scope, readonly string[]>([
    ['account', [ACCOUNT_NAME]],
    ['function', [...functions.keys()]],
    [
      'alias',
      [...functions].flatMap(([name, config]) =>
        (config === null ? [] : provisionedQualifiers(config)).map((alias) => `${name}:${alias}`),
      ),
    ],
    ['traffic', [...traffic.keys()]],
    [
      'event',
      [
        ...eventsOf(functions).map(({ functionName, eventName }) => `${functionName}.${eventName}`),
        ...[...resources].flatMap(([section, configs]) =>
          [...configs].flatMap(([name, config]) => {
            const firings =
              config === null ? undefined : resourceEntry(section).firings?.(name, config, NO_RUN)
            return (firings ?? []).map((clock) => clock.name)
          }),
        ),
      ],
    ],
    ...[...resources].map(([section, configs]) => {
      const entry = resourceEntry(section)
      const all = [...configs].flatMap(([name, config]) => [
        name,
        ...(config === null ? [] : (entry.places?.(name, config) ?? [])),
      ])
      return [entry.scope, all] as const
    }),
  ])
}

function parseLimit(text: string, metric: MetricEntry, statistic: string): number {
  if (statistic === 'share' || metric.unit === 'ratio') return parseShare(text)
  if (metric.unit === 'ms') return parseDuration(text) / 1_000
  if (!/^\d+(\.\d+)?$/.test(text)) {
    throw new ThresholdFault(`\`${text}\` is not a number: ${metric.name} is a count`)
  }
  return Number(text)
}
