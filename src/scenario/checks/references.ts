/** References between sections, and what depends on the entity that they name. */
import { ALL_AT_ONCE } from '../../model/compute/deployment-strategies.ts'
import type { NodeName } from '../../model/node-names.ts'
import { arrivalProcess } from '../../model/traffic/index.ts'
import { isSynchronous } from '../../model/workflow/actions.ts'
import { nearest, type PathSegment, type Problem } from '../diagnostics.ts'
import { routeOf } from '../door-routes.ts'
import { resolveProducerTarget } from '../nodes.ts'
import {
  configuredProvisionedConcurrency,
  LATEST,
  provisionedQualifiers,
  resolveReference,
  SHORTHAND_ALIAS,
} from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { valueAt } from '../schema-walk.ts'
import type { PartialScenario } from '../validate.ts'
import { faultsOfConnection } from './connections.ts'

/** Where references stand: traffic, the timeline, the initial state. */
export function checkReferences(partial: PartialScenario): readonly Problem[] {
  return [...checkTraffic(partial), ...checkInitial(partial), ...checkTimeline(partial)]
}

function unresolved(
  path: readonly PathSegment[],
  at: Problem['at'],
  { message, suggestion }: { readonly message: string; readonly suggestion?: string },
): Problem {
  return { path, at, message, ...(suggestion === undefined ? {} : { suggestion }) }
}

function checkTraffic(partial: PartialScenario): readonly Problem[] {
  const { traffic, written } = partial
  const problems: Problem[] = []
  for (const [name, producer] of traffic) {
    const path = ['traffic', name, 'to']
    const to = producer?.to ?? valueAt(written, path)
    if (typeof to !== 'string') continue
    const resolution = resolveProducerTarget(partial, to)
    if (resolution.ok) {
      if (producer !== null)
        problems.push(
          ...faultsOfProducer(name, producer, resolution.node),
          ...faultsOfRoute(partial, name, producer, resolution.node),
          ...faultsOfConnection(partial, name, producer, resolution.node),
        )
      continue
    }
    problems.push(unresolved(path, 'value', resolution))
  }
  return problems
}

/** Keys that only make sense where an answer comes, or where none comes. */
function faultsOfProducer(
  name: string,
  producer: NonNullable<ReturnType<PartialScenario['traffic']['get']>>,
  { section }: NodeName,
): readonly Problem[] {
  const problems: Problem[] = []
  const fault = (key: string, message: string): void => {
    problems.push({ path: ['traffic', name, key], at: 'value', message })
  }
  const { action, invocationType, process, to } = producer
  const isFunction = section === 'functions'
  if (!isFunction && invocationType !== undefined) {
    fault('invocationType', `invocationType belongs to a function, and \`${to}\` is none`)
  }
  const isMachine = section === 'stateMachines'
  if (!isMachine && action !== undefined) {
    fault('action', `action belongs to a state machine, and \`${to}\` is none`)
  }
  const isAnswered =
    section === 'apis' ||
    (isFunction && invocationType !== 'Event') ||
    (isMachine && isSynchronous(action))
  if (!isAnswered && isClosedLoop(process)) {
    const message = `users wait for an answer, and \`${to}\` gives none: use a rate`
    fault('process', message)
  }
  for (const key of ['batch', 'payload', 'attributes', 'keys'] as const) {
    if (!isAnswered || producer[key] === undefined) continue
    const event = 'a synchronous call carries none; they belong to messages and events'
    fault(key, `\`${key}\` says what messages are like: ${event}`)
  }
  for (const key of ['client', 'retry'] as const) {
    if (isAnswered || producer[key] === undefined) continue
    const answer = `\`${to}\` takes what is sent and answers at once`
    fault(key, `\`${key}\` says what callers do that wait for an answer: ${answer}`)
  }
  if (producer.retry !== undefined && producer.client?.retry !== undefined) {
    fault('retry', '`retry` is short for `client.retry.mode`, which is written as well')
  }
  return problems
}

/** The only route of an api that a producer's requests take. */
function faultsOfRoute(
  partial: PartialScenario,
  producerName: string,
  { route, to }: NonNullable<ReturnType<PartialScenario['traffic']['get']>>,
  { section, name }: NodeName,
): readonly Problem[] {
  if (route === undefined) return []
  const path = ['traffic', producerName, 'route']
  if (section !== 'apis') {
    const message = `\`route\` is one of the routes of an api, and \`${to}\` is none`
    return [{ path, at: 'value', message }]
  }
  const resolution = routeOf(partial, name, route)
  if (resolution.ok) return []
  const suggestion = nearest(route, resolution.known)
  const { message } = resolution
  return [unresolved(path, 'value', { message, ...(suggestion !== undefined && { suggestion }) })]
}

function isClosedLoop(process: string): boolean {
  return arrivalProcess(process).isClosedLoop === true
}

function checkInitial({ initial, functions, resources }: PartialScenario): readonly Problem[] {
  const problems: Problem[] = []
  for (const [section, configs] of resources) {
    const entries = (initial as Readonly<Record<string, unknown>> | undefined)?.[section]
    for (const name of Object.keys(entries ?? {})) {
      if (configs.has(name)) continue
      const known = [...configs.keys()]
      const list = known.length === 0 ? 'none is declared' : `known are ${known.join(', ')}`
      const suggestion = nearest(name, known)
      const message = `there is no ${section}.${name}: ${list}`
      problems.push(
        unresolved(['initial', section, name], 'key', {
          message,
          ...(suggestion === undefined ? {} : { suggestion }),
        }),
      )
    }
  }
  for (const [name, settings] of Object.entries(initial?.functions ?? {})) {
    const path = ['initial', 'functions', name]
    const resolution = resolveReference(name, functions)
    if (!resolution.ok) {
      problems.push(unresolved(path, 'key', resolution))
      continue
    }
    const ready = settings.provisionedConcurrentExecutions
    const config = functions.get(name) ?? null
    if (ready === undefined || config === null) continue
    const message = faultOfInitialProvisioned(name, config, ready)
    if (message === null) continue
    problems.push({ path: [...path, 'provisionedConcurrentExecutions'], at: 'value', message })
  }
  return problems
}

function faultOfInitialProvisioned(
  name: string,
  config: FunctionConfig,
  ready: number,
): string | null {
  const configured = provisionedQualifiers(config)
  if (configured.length === 0) return `${name} has no provisioned concurrency to be ready`
  if (configured.length > 1) {
    return `${name} has provisioned concurrency on ${configured.join(' and ')}: which is meant cannot be said`
  }
  const most = configuredProvisionedConcurrency(config)
  return ready > most ? `at most ${most} are configured, so ${ready} cannot be ready` : null
}

function checkTimeline({ timeline, functions, written }: PartialScenario) {
  const problems: Problem[] = []
  for (const [index, entry] of timeline.entries()) {
    const path = ['timeline', index, 'deploy']
    const deployed = valueAt(written, path)
    if (typeof deployed !== 'string') continue
    if (deployed.includes(':')) {
      const message = 'a deployment is of a function: write its name without a qualifier'
      problems.push({ path, at: 'value', message })
      continue
    }
    const resolution = resolveReference(deployed, functions)
    if (!resolution.ok) {
      problems.push(unresolved(path, 'value', resolution))
      continue
    }
    const config = functions.get(resolution.reference.functionName) ?? null
    if (config === null || entry === null || !('deploy' in entry)) continue
    if (entry.strategy === ALL_AT_ONCE.name || hasAlias(config)) continue
    const message = `${entry.strategy} shifts the traffic of an alias, and ${deployed} means ${LATEST}: use ${ALL_AT_ONCE.name}, or give ${deployed} provisionedConcurrentExecutions (0 is enough), which makes alias ${SHORTHAND_ALIAS}`
    problems.push({ path: ['timeline', index, 'strategy'], at: 'value', message })
  }
  return problems
}

/** Only the shorthand makes the bare name mean an alias, whose traffic can be shifted. */
function hasAlias(config: FunctionConfig): boolean {
  return config.provisionedConcurrentExecutions !== undefined
}
