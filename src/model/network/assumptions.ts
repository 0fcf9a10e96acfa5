import { formatDuration } from '../../kernel/time.ts'
import type { Assumption, FunctionSettings, TimelineAction } from '../compiled-scenario.ts'
import type { DownstreamNetwork } from './schema.ts'

const VPC = 'Lambda developer guide, "Giving Lambda functions access to resources in an Amazon VPC"'

const NO_COLD_START: Assumption = {
  id: 'vpc-cold-start',
  statement: 'A cold start takes no longer because the function is in a VPC.',
  confidence: 'documented',
  source:
    'AWS Compute blog, "Announcing improved VPC networking for AWS Lambda functions"; tens of milliseconds at most',
}

const EVEN_SUBNETS: Assumption = {
  id: 'vpc-subnets',
  statement:
    'Environments are spread evenly over the subnets of their function; network interfaces that Lambda added for traffic stay until the function is Inactive.',
  confidence: 'assumed',
  source: VPC,
}

const STATE_REFUSALS: Assumption = {
  id: 'function-state-refusals',
  statement:
    'Attempts that a state of the function refuses count among its Throttles, and callers take them for throttles; AWS answers them with another error and counts them nowhere.',
  confidence: 'assumed',
  source: 'Lambda API reference, Invoke, ResourceConflictException and ResourceNotReadyException',
}

/** What functions in a VPC take for granted. */
export function assumptionsOfVpcs(
  functions: readonly FunctionSettings[],
  timeline: readonly TimelineAction[],
  durationUs: number,
): readonly Assumption[] {
  const inVpcs = functions.flatMap(({ vpc }) => (vpc === null ? [] : [vpc]))
  if (inVpcs.length === 0) return []
  if (!inVpcs[0]!.sharesInterfaces) return historicAssumptions()
  const isCreated = timeline.some((action) => action.kind === 'command' && action.verb === 'create')
  const isPending = isCreated || inVpcs.some(({ isPendingAtStart }) => isPendingAtStart)
  const mayBeIdle = inVpcs.some(({ inactiveAfterUs }) => inactiveAfterUs < durationUs)
  const assumptions = [NO_COLD_START, EVEN_SUBNETS]
  if (!isPending && !mayBeIdle) return assumptions
  const lengths = inVpcs.map(({ pendingDurationUs }) => formatDuration(pendingDurationUs))
  return [
    ...assumptions,
    {
      id: 'function-pending',
      statement: `A function in a VPC is Pending for ${[...new Set(lengths)].join(' or ')} before it is Active.`,
      confidence: 'assumed',
      source: `${VPC}: several minutes`,
    },
    STATE_REFUSALS,
  ]
}

function historicAssumptions(): readonly Assumption[] {
  return [
    {
      id: 'interface-attachment',
      statement:
        'A cold start that needs a network interface waits for it to be attached, between 8s and 15s unless attachDuration says otherwise; others of the function wait for the newest one.',
      confidence: 'measured',
      source: 'third parties until 2019; AWS wrote of 10 s and more',
    },
    {
      id: 'interface-share',
      statement:
        'Environments of one function share network interfaces, one for each 3 GB of their memory; one that is not needed any more is given back at once, and EC2 makes them as fast as they are asked for.',
      confidence: 'assumed',
      source:
        'Lambda developer guide of 2018 for 3 GB; how long interfaces were kept is not documented, and rate limits of the EC2 API are not modelled',
    },
  ]
}

/** What the ways to downstreams take for granted. */
export function assumptionsOfWay(network: DownstreamNetwork | undefined): readonly Assumption[] {
  if (network?.natGateway === undefined) return []
  const kept =
    'An environment keeps a connection to what it calls open for its next call, with one for each call at a time; that of an environment that is gone stays until the idle timeout.'
  const closed = 'Each call opens a connection of its own and closes it.'
  return [
    {
      id: 'connection-reuse',
      statement: network.connection === 'per-call' ? closed : kept,
      confidence: 'assumed',
      source: 'downstreams.NAME.network.connection; AWS SDKs keep connections alive',
    },
  ]
}
