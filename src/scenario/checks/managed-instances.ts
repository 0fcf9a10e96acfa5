/**
 * What a function on managed instances needs, and what it excludes.
 * Source: Lambda developer guide, "Lambda Managed Instances" and its pages on scaling and runtimes.
 */

import { instanceType } from '../../model/compute/managed-instances/instance-types.ts'
import {
  defaultConcurrencyPerVCpu,
  LEAST_MEMORY_MB,
  LEAST_VCPUS,
  MOST_CONCURRENCY_PER_VCPU,
  mostConcurrency,
  vCpusOf,
} from '../../model/compute/managed-instances/limits.ts'
import { bareName } from '../../model/node-names.ts'
import type { PathSegment, Problem } from '../diagnostics.ts'
import { largestProvisionedConcurrency } from '../qualifiers.ts'
import type { FunctionConfig } from '../schema/function.ts'
import { placedCalls } from '../schema/handler.ts'
import { valueAt } from '../schema-walk.ts'
import type { PartialScenario } from '../validate.ts'
import { checkRoom, providerOf } from './managed-room.ts'

/** Keys that a function on managed instances cannot have, and why. */
const EXCLUDED: Readonly<Record<string, string>> = {
  reservedConcurrentExecutions:
    'reserved concurrency is of the quotas of Lambda (default): functionScalingConfig.maxExecutionEnvironments is the cap of managed instances',
  snapStart: 'managed instances have no cold start for SnapStart to shorten',
  tenancyConfig: 'environments on managed instances serve several requests at once, of any tenant',
  vpcConfig:
    'the VPC of managed instances is that of their capacity provider, and its network is not modelled',
  keepAlive: 'environments on managed instances never freeze: scaling gives them up',
  idleSelection: 'on managed instances the router chooses among environments that are not idle',
  scalingRate: 'managed instances do not scale for a request, at any rate',
  provisionedLifetime: 'managed instances have no provisioned concurrency',
}

/** Parts of a cold start that no request meets. */
const EXCLUDED_PARTS = [
  'placement',
  'firstInvocation',
  'restore',
  'restoreHooks',
  'proactive',
  'handOver',
]

export function checkManagedInstances(partial: PartialScenario): readonly Problem[] {
  const ofFunctions = [...partial.functions].flatMap(([name, config]) => {
    if (config === null) return []
    if (config.capacityProviderConfig === undefined) return checkUnused(name, partial)
    return [
      ...checkExcluded(name, config, partial),
      ...checkSize(name, config, partial),
      ...checkConcurrency(name, config),
      ...checkConnections(name, config, partial),
      ...checkInitial(name, config, partial),
    ]
  })
  return [...ofFunctions, ...checkRoom(partial)]
}

function checkUnused(name: string, { written }: PartialScenario): readonly Problem[] {
  const path = ['functions', name, 'functionScalingConfig']
  if (valueAt(written, path) === undefined) return []
  const message = `functionScalingConfig is of managed instances: write capacityProviderConfig: { capacityProvider: NAME }`
  return [{ path, at: 'key', message }]
}

function checkExcluded(
  name: string,
  config: FunctionConfig,
  { written }: PartialScenario,
): readonly Problem[] {
  const problems: Problem[] = []
  const isWritten = (path: readonly PathSegment[]): boolean => valueAt(written, path) !== undefined
  for (const [key, message] of Object.entries(EXCLUDED)) {
    const path = ['functions', name, key]
    if (isWritten(path)) problems.push({ path, at: 'key', message })
  }
  if (largestProvisionedConcurrency(config) > 0) {
    const message =
      'managed instances have no provisioned concurrency: functionScalingConfig says how many environments are always there'
    const keys = ['provisionedConcurrentExecutions', 'aliases', 'versions']
    const key = keys.find((candidate) => isWritten(['functions', name, candidate])) ?? ''
    problems.push({ path: ['functions', name, key], at: 'key', message })
  }
  for (const part of EXCLUDED_PARTS) {
    const path = ['functions', name, 'coldStart', part]
    if (!isWritten(path)) continue
    const message = `no request waits for an environment on managed instances: ${part} has no effect there, only init has`
    problems.push({ path, at: 'key', message })
  }
  return problems
}

/** The smallest environment, the instance that it must fit on, and its vCPUs in all. */
function checkSize(
  name: string,
  config: FunctionConfig,
  partial: PartialScenario,
): readonly Problem[] {
  const problems: Problem[] = []
  const complain = (path: readonly PathSegment[], message: string): void => {
    problems.push({ path: ['functions', name, ...path], at: 'value', message })
  }
  const ratio = config.capacityProviderConfig!.executionEnvironmentMemoryGiBPerVCpu
  const { memorySize, architectures } = config
  const vCpus = vCpusOf(memorySize, ratio)
  if (memorySize < LEAST_MEMORY_MB) {
    complain(
      ['memorySize'],
      `an environment on managed instances has at least 2 GB of memory, and ${name} has ${memorySize} MB`,
    )
  } else if (vCpus < LEAST_VCPUS) {
    complain(
      ['capacityProviderConfig', 'executionEnvironmentMemoryGiBPerVCpu'],
      `an environment on managed instances has at least 1 vCPU, and ${memorySize} MB with ${ratio} GiB for each are ${vCpus}`,
    )
  }
  const provider = providerOf(config, partial)
  if (provider === undefined) return problems
  const type = instanceType(provider.instanceRequirements.allowedInstanceTypes[0]!)
  if (type.architecture !== architectures) {
    complain(
      ['architectures'],
      `${type.name} is ${type.architecture}, and ${name} is ${architectures}: write architectures: ${type.architecture}`,
    )
  }
  if (vCpus > type.vCpus || memorySize > type.memoryMb) {
    complain(
      ['memorySize'],
      `an environment of ${memorySize} MB and ${vCpus} vCPUs does not fit on ${type.name}, which has ${type.memoryMb} MB and ${type.vCpus} vCPUs`,
    )
  }
  return problems
}

function checkConcurrency(name: string, config: FunctionConfig): readonly Problem[] {
  const { runtime, memorySize } = config
  const use = config.capacityProviderConfig!
  const stated = use.perExecutionEnvironmentMaxConcurrency
  const perVCpu = defaultConcurrencyPerVCpu(runtime)
  if (perVCpu === undefined) {
    const message = `${runtime} does not support managed instances: those of Node.js 22, Python 3.13, Java 21 and .NET 8 or later and provided.al2023 do`
    return [{ path: ['functions', name, 'runtime'], at: 'value', message }]
  }
  const path = ['functions', name, 'capacityProviderConfig']
  if (perVCpu === null && stated === undefined) {
    const message = `${runtime} has no documented default: state perExecutionEnvironmentMaxConcurrency`
    return [{ path, at: 'key', message }]
  }
  const vCpus = vCpusOf(memorySize, use.executionEnvironmentMemoryGiBPerVCpu)
  const most = mostConcurrency(vCpus)
  if (stated === undefined || stated <= most || vCpus < LEAST_VCPUS) return []
  const message = `an environment works on at most ${MOST_CONCURRENCY_PER_VCPU} requests at once for each vCPU: with ${vCpus} on ${most}`
  return [{ path: [...path, 'perExecutionEnvironmentMaxConcurrency'], at: 'value', message }]
}

/** A connection for each invocation is kept by environment, of which one has many invocations here. */
function checkConnections(
  name: string,
  config: FunctionConfig,
  { resources }: PartialScenario,
): readonly Problem[] {
  return placedCalls(config.handler).flatMap(({ path, call }): Problem[] => {
    const { downstream } = call as { readonly downstream?: string }
    if (downstream === undefined) return []
    const called = resources.get('downstreams')?.get(bareName(downstream))
    const { connection } = (called ?? {}) as { readonly connection?: string }
    if (connection !== 'per-invocation') return []
    const message = `invocations on managed instances share environments, and a connection of each is not modelled there: ${downstream} needs connection: proxy, or per-environment, which is one that all requests of an environment share`
    return [{ path: ['functions', name, ...path, 'downstream'], at: 'value', message }]
  })
}

function checkInitial(
  name: string,
  config: FunctionConfig,
  partial: PartialScenario,
): readonly Problem[] {
  const initial = partial.initial?.functions?.[name]?.environments
  const { maxExecutionEnvironments } = config.functionScalingConfig
  if (
    initial !== undefined &&
    maxExecutionEnvironments !== undefined &&
    initial > maxExecutionEnvironments
  ) {
    const message = `${name} has at most ${maxExecutionEnvironments} environments (functionScalingConfig.maxExecutionEnvironments)`
    return [{ path: ['initial', 'functions', name, 'environments'], at: 'value', message }]
  }
  return []
}
