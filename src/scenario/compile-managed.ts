/** A function on managed instances as the engine wants it. */
import { formatDuration } from '../kernel/time.ts'
import type { FunctionSettings } from '../model/compiled-scenario.ts'
import type { KeepAliveSettings } from '../model/compute/keep-alive/policy.ts'
import type { EnvironmentSize } from '../model/compute/managed-instances/fleet.ts'
import { instanceType } from '../model/compute/managed-instances/instance-types.ts'
import {
  defaultConcurrencyPerVCpu,
  LEAST_INIT_LIMIT_US,
  MOST_INITS,
  mostConcurrency,
  vCpusOf,
} from '../model/compute/managed-instances/limits.ts'
import type {
  CapacityProviderConfig,
  CapacityProviderUse,
  FunctionScalingConfig,
} from '../model/compute/managed-instances/schema.ts'
import type {
  EnvironmentRange,
  ManagedSettings,
} from '../model/compute/managed-instances/settings.ts'
import { bareName } from '../model/node-names.ts'
import type { FunctionContext } from './compile-function.ts'
import type { FunctionConfig } from './schema/function.ts'

/** A handler has one thread: it uses one vCPU while it computes. */
const VCPUS_OF_HANDLER = 1

export function compileManaged(
  config: FunctionConfig,
  {
    initialEnvironments,
    capacityProviderOf,
  }: Pick<FunctionContext, 'initialEnvironments' | 'capacityProviderOf'>,
): ManagedSettings | null {
  const use = config.capacityProviderConfig
  if (use === undefined) return null
  const vCpus = vCpusOf(config.memorySize, use.executionEnvironmentMemoryGiBPerVCpu)
  const concurrency = maximumConcurrency(config.runtime, use, vCpus)
  const cpuOfRequest = (config.handler.cpuBound ?? 0) * VCPUS_OF_HANDLER
  const ofCpu = requestsInTime(vCpus, cpuOfRequest)
  const scaling = environmentRange(config.functionScalingConfig)
  const capacityProvider = bareName(use.capacityProvider)
  const size = { vCpus, memoryMb: config.memorySize }
  return {
    capacityProvider,
    size,
    places: Math.min(concurrency, ofCpu),
    isLimitedByCpu: ofCpu < concurrency,
    cpuOfRequest,
    scaling,
    mostEnvironments: Math.min(
      scaling.maxExecutionEnvironments,
      roomFor(size, capacityProviderOf(capacityProvider)),
    ),
    initialEnvironments: Math.max(scaling.minExecutionEnvironments, initialEnvironments),
    heldAfterTimeoutUs: use.heldAfterTimeout ?? config.timeout,
    initLimitUs: Math.max(LEAST_INIT_LIMIT_US, config.timeout),
  }
}

/** Inits that cannot succeed: the model lets an environment start after so many, to come to an end. */
export function initWarnings(functions: readonly FunctionSettings[]): readonly string[] {
  return functions.flatMap(({ name, managed, coldStart, handler }) => {
    if (managed === null) return []
    const isTooLong = coldStart.init.cumulative(managed.initLimitUs) === 0
    if (!isTooLong && handler.failures.initError < 1) return []
    const why = isTooLong
      ? `init is always longer than its limit of ${formatDuration(managed.initLimitUs)}`
      : 'every init fails'
    return [
      `functions.${name}: ${why}: no environment would start at AWS; here it does after ${MOST_INITS} inits`,
    ]
  })
}

export function environmentRange(config: FunctionScalingConfig): EnvironmentRange {
  return {
    minExecutionEnvironments: config.minExecutionEnvironments,
    maxExecutionEnvironments: config.maxExecutionEnvironments ?? Number.POSITIVE_INFINITY,
  }
}

/** What is stated, or the default of the runtime. The checks have refused a runtime without one. */
function maximumConcurrency(runtime: string, use: CapacityProviderUse, vCpus: number): number {
  const stated = use.perExecutionEnvironmentMaxConcurrency
  if (stated !== undefined) return stated
  const perVCpu = defaultConcurrencyPerVCpu(runtime)
  if (typeof perVCpu !== 'number') throw new RangeError(`${runtime} has no default concurrency`)
  return Math.min(mostConcurrency(vCpus), Math.floor(perVCpu * vCpus))
}

/** How many environments the provider has room for, where no other function uses it. */
function roomFor(
  { vCpus, memoryMb }: EnvironmentSize,
  { instanceRequirements, capacityProviderScalingConfig }: CapacityProviderConfig,
): number {
  const type = instanceType(instanceRequirements.allowedInstanceTypes[0]!)
  const instances = Math.floor(capacityProviderScalingConfig.maxVCpuCount / type.vCpus)
  const onEach = Math.min(Math.floor(type.vCpus / vCpus), Math.floor(type.memoryMb / memoryMb))
  return instances * onEach
}

/** How many requests have CPU time at once; one always has. */
function requestsInTime(vCpus: number, cpuOfRequest: number): number {
  if (cpuOfRequest === 0) return Number.POSITIVE_INFINITY
  // 2 vCPUs at 5% are 40, whatever the last bit of the quotient.
  return Math.max(1, Math.floor(vCpus / cpuOfRequest + 1e-9))
}

/** Their environments go when scaling gives them up, and for no other reason. */
export const KEPT_WHILE_WANTED: KeepAliveSettings = {
  create: () => ({
    admit: () => ({
      idleTimeoutUs: Number.POSITIVE_INFINITY,
      lifetimeUs: Number.POSITIVE_INFINITY,
      replacedAhead: false,
    }),
  }),
  description: 'environments on managed instances stay until scaling gives them up',
}
