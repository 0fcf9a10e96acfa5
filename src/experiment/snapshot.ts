import type { EnvironmentPool } from '../model/compute/environment-pool.ts'
import type { LambdaFunction } from '../model/compute/lambda-function.ts'
import { ADMITTED, THROTTLE_CAUSES } from '../model/compute/throttle-cause.ts'
import { throttleRecords } from '../model/metrics/function-meter.ts'
import type { Simulation } from '../model/simulation.ts'
import type { FunctionSnapshot, StateSnapshot } from './replication.ts'
import type { Headroom } from './result.ts'

/** The state of a run at an instant before which all has happened. */
export function takeSnapshot(simulation: Simulation, nowUs: number): StateSnapshot {
  const { account } = simulation
  return {
    atUs: nowUs,
    account: {
      limit: account.limit,
      unreservedLimit: account.unreservedLimit,
      unreservedInFlight: account.unreservedInFlight,
      requestTokens: Math.floor(account.requestRate.tokens(nowUs)),
      requestTokenCapacity: account.requestRate.capacityTokens,
    },
    functions: simulation.functions.map((_, index) => functionSnapshot(simulation, index, nowUs)),
    backlogs: simulation.parts.all.flatMap((part) => part.backlog?.() ?? []),
    headroom: headroomOf(simulation),
  }
}

function functionSnapshot(simulation: Simulation, index: number, nowUs: number): FunctionSnapshot {
  const owner = simulation.functions[index]!
  const pools = simulation.environments.pools.filter((pool) => pool.function === owner)
  const total = (count: (index: number) => number): number =>
    pools.reduce((sum, _, position) => sum + count(position), 0)
  const provisioned = owner.qualifiers.flatMap((qualifier) => qualifier.provisioned ?? [])
  const cause = simulation.admission.bindingCause(owner)
  return {
    name: owner.name,
    inFlight: owner.inFlight,
    waitingForInit: simulation.environments.initialisingCount(owner.index) + startingOf(owner),
    idleEnvironments: total((position) => idleEnvironmentsOf(pools[position]!)),
    environments: total((position) => pools[position]!.size),
    reservedConcurrency: owner.reservedConcurrency,
    provisionedReady: provisioned.reduce((sum, { ready }) => sum + ready, 0),
    provisionedBusy: provisioned.reduce((sum, { busy }) => sum + busy, 0),
    provisionedAllocating: provisioned.reduce((sum, { allocating }) => sum + allocating, 0),
    scalingTokens: owner.managed === null ? tokensOf(owner, nowUs) : 0,
    throttles: throttleRecords(owner.name, owner.meter),
    bindingLimit: cause === ADMITTED ? null : THROTTLE_CAUSES[cause]!.id,
  }
}

function idleEnvironmentsOf({ idle, managed }: EnvironmentPool): number {
  return managed === null ? idle.size : managed.unused
}

/** Environments on managed instances that are on their way. */
function startingOf({ managed }: LambdaFunction): number {
  return managed?.startingEnvironments ?? 0
}

/** How many environments requests may have started now. */
function tokensOf({ scalingRate }: LambdaFunction, nowUs: number): number {
  return scalingRate?.tokens(nowUs) ?? Number.POSITIVE_INFINITY
}

/** How close the run came to each limit that took part in it. */
export function headroomOf(simulation: Simulation): Headroom[] {
  const { account } = simulation
  const rows: Headroom[] = []
  if (simulation.functions.some(({ isReserved, managed }) => !isReserved && managed === null)) {
    rows.push({
      limit: 'unreserved concurrency',
      scope: 'account',
      name: 'account',
      ...account.closest.read(),
    })
  }
  for (const owner of simulation.functions) {
    const { name } = owner
    if (owner.reservedConcurrency !== null) {
      rows.push({
        limit: 'reserved concurrency',
        scope: 'function',
        name,
        ...owner.closest.read(),
      })
    }
    for (const qualifier of owner.qualifiers) {
      const provisioned = qualifier.provisioned
      if (provisioned === null || provisioned.target === 0) continue
      rows.push({
        limit: 'provisioned concurrency',
        scope: 'alias',
        name: `${name}:${qualifier.name}`,
        ...provisioned.closest.read(),
      })
    }
    if (owner.scalingRate !== null) {
      const { capacity, lowestTokens } = owner.scalingRate
      const used = capacity - lowestTokens
      rows.push({ limit: 'scaling rate', scope: 'function', name, used, available: capacity })
    }
  }
  return [...rows, ...simulation.parts.all.flatMap((part) => part.limitUses?.() ?? [])]
}
