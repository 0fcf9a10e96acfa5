/** What parts see of the run that they belong to. */
import { InvariantViolation } from '../kernel/invariant.ts'
import type { AssemblyContext } from './assembly.ts'
import type { LambdaFunction, Qualifier } from './compute/lambda-function.ts'
import { gatewayGates } from './doors/gates.ts'
import { Calls } from './downstream/calls.ts'
import type { CalledResource, CallPlace, CallTarget, Downstream } from './downstream/downstream.ts'
import { AsyncEvents } from './invocation/asynchronous/async-events.ts'
import { Births } from './messages/births.ts'
import { Lineages } from './messages/lineage.ts'
import { Messages } from './messages/message-store.ts'
import { Routes } from './network/routes.ts'
import { resolveNode } from './node-names.ts'
import type { Parts } from './parts.ts'
import type { Target } from './resources/target.ts'
import { WorkflowAccount } from './workflow/workflow-account.ts'
import type { Section, World } from './world.ts'

export function createWorld(context: AssemblyContext, parts: Parts): World {
  const { scenario, streamRoot, recorder, simulator, functions, invocations } = context
  const messages = new Messages()
  const world: World = {
    settings: {
      durationUs: scenario.durationUs,
      startsAtMs: scenario.startsAtMs,
      metricsPeriodUs: scenario.metricsPeriodUs,
      platform: scenario.platform,
      region: scenario.account.region,
    },
    streamRoot,
    simulator,
    recorder,
    messages,
    births: new Births(messages, streamRoot),
    lineages: new Lineages(functions, scenario.platform),
    invocations,
    calls: new Calls(),
    routes: new Routes(),
    gateway: gatewayGates(scenario.account.gatewayQuotas),
    workflows: new WorkflowAccount(scenario.account.workflowQuotas, simulator, (handle) =>
      parts.addEventKind(handle),
    ),
    transitions: context.transitions,
    functions,
    addEventKind: (handle) => parts.addEventKind(handle),
    part: (path) => parts.at(path),
    target: (reference, sections) => targetOf(reference, sections),
    downstream: (reference) =>
      parts.at(`downstreams.${reference.replace(/^downstreams\./, '')}`) as Downstream,
    callee: (place) => calleeAt(place),
    qualifier: (reference) => qualifierOf(functions, reference),
  }

  const namesOf = (section: Section): readonly string[] =>
    section === 'functions'
      ? functions.map(({ name }) => name)
      : parts.all.flatMap(({ path }) =>
          path.startsWith(`${section}.`) ? [path.slice(section.length + 1)] : [],
        )

  const calleeAt = (place: CallPlace): CallTarget => {
    const { to, sections } = place.settings
    const resolution = resolveNode(to, sections, namesOf)
    if (!resolution.ok) throw new InvariantViolation(resolution.message)
    const { section, name } = resolution.node
    const part = parts.at(`${section}.${name}`) as Downstream | CalledResource
    return 'calledFrom' in part
      ? part.calledFrom(place)
      : world.routes.to(part, place.function, world)
  }

  const targetOf = (reference: string, sections: readonly Section[]): Target => {
    const resolution = resolveNode(reference, sections, namesOf)
    if (!resolution.ok) throw new InvariantViolation(resolution.message)
    const { section, name } = resolution.node
    if (section !== 'functions') return parts.at(`${section}.${name}`) as unknown as Target
    return asynchronousEvents(qualifierOf(functions, reference))
  }

  /** A function's asynchronous events are a part from the first time that something leads to them. */
  const asynchronousEvents = (qualifier: Qualifier): Target => {
    const path = AsyncEvents.pathOf(qualifier)
    const known = parts.all.find((part) => part.path === path)
    if (known instanceof AsyncEvents) return known
    const events = new AsyncEvents(qualifier, world)
    parts.add(events)
    return events
  }
  return world
}

/** `checkout`, `functions.checkout`, either with `:qualifier`. */
function qualifierOf(functions: readonly LambdaFunction[], reference: string): Qualifier {
  const [node = '', wanted = ''] = reference.split(':')
  const name = node.startsWith('functions.') ? node.slice('functions.'.length) : node
  const owner = functions.find((candidate) => candidate.name === name)
  const [bare, ...others] = owner?.qualifiers ?? []
  const isBare = wanted === '' || (wanted === LATEST && bare?.name === '')
  const qualifier = isBare ? bare : [bare, ...others].find((entry) => entry?.name === wanted)
  if (qualifier === undefined) throw new InvariantViolation(`there is no function ${reference}`)
  return qualifier
}

const LATEST = '$LATEST'
