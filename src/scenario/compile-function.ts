/** One function of the scenario as the engine wants it: every default applied, plain numbers. */
import { MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND } from '../kernel/time.ts'
import type {
  AsynchronousSettings,
  ColdStartSettings,
  FailureShares,
  FunctionSettings,
  HandlerSettings,
  VpcSettings,
} from '../model/compiled-scenario.ts'
import { coldStartPreset, defaultPlacement } from '../model/compute/cold-start-presets.ts'
import { keepAlivePolicy } from '../model/compute/keep-alive/index.ts'
import type { KeepAliveSettings } from '../model/compute/keep-alive/policy.ts'
import type { CapacityProviderConfig } from '../model/compute/managed-instances/schema.ts'
import {
  billingRule,
  type PlatformMonth,
  sharesInterfaces,
  vpcStateTimes,
} from '../model/compute/platform-timeline.ts'
import { restorePreset } from '../model/compute/restore-presets.ts'
import { Constant } from '../model/distributions/constant.ts'
import type { Distribution } from '../model/distributions/distribution.ts'
import type { DistributionChoice } from '../model/distributions/index.ts'
import { Uniform } from '../model/distributions/uniform.ts'
import { bareName } from '../model/node-names.ts'
import { compileManaged, KEPT_WHILE_WANTED } from './compile-managed.ts'
import { compileSteps, type ExpectedAnswerOf } from './compile-steps.ts'
import type { QualifierPlan } from './qualifiers.ts'
import { Scaled } from './scaled-distribution.ts'
import type { FunctionConfig } from './schema/function.ts'

/** Above one vCPU a single thread gains nothing from more memory. */
const ONE_VCPU_MB = 1_769

/** SHUTDOWN phase, at most (Lambda developer guide, execution environment lifecycle). */
const SHUTDOWN_US = { none: 0, internal: 500_000, external: 2_000_000 } as const

export interface FunctionContext {
  readonly platform: PlatformMonth
  readonly plan: QualifierPlan
  /** The memory for which the handler's duration was written, MB. */
  readonly writtenMemoryMb: number
  readonly initialEnvironments: number
  readonly hasAsynchronousEvents: boolean
  readonly capacityProviderOf: (name: string) => CapacityProviderConfig
  readonly isPendingAtStart: boolean
  /** Distributions whose files have been read, by their choice. */
  readonly distribution: (choice: DistributionChoice) => Distribution
  /** What is called answers where nothing holds it up. */
  readonly expectedAnswerOf: ExpectedAnswerOf
}

export function compileFunction(
  name: string,
  config: FunctionConfig,
  context: FunctionContext,
): FunctionSettings {
  return {
    name,
    runtime: config.runtime,
    architecture: config.architectures,
    packageType: config.packageType,
    memoryMb: config.memorySize,
    ephemeralStorageMb: config.ephemeralStorage.size,
    logBytesPerInvocation: config.loggingConfig?.bytesPerInvocation ?? 0,
    timeoutUs: config.timeout,
    reservedConcurrency: config.reservedConcurrentExecutions ?? null,
    versions: context.plan.versions,
    qualifiers: context.plan.qualifiers,
    managed: compileManaged(config, context),
    tenants: config.tenancyConfig?.tenants ?? null,
    handler: compileHandler(config, context),
    coldStart: compileColdStart(config, context),
    keepAlive: isManaged(config) ? KEPT_WHILE_WANTED : compileKeepAlive(config, context.platform),
    provisionedLifetimeUs: config.provisionedLifetime ?? Number.POSITIVE_INFINITY,
    shutdownUs: SHUTDOWN_US[config.extensions],
    billing: billingRule(context.platform, config.packageType, config.runtime),
    idleSelection: config.idleSelection,
    scalingRateUnlimited: config.scalingRate === 'unlimited' || isManaged(config),
    initialEnvironments: isManaged(config) ? 0 : context.initialEnvironments,
    asynchronous: compileAsynchronous(config),
    hasAsynchronousEvents: context.hasAsynchronousEvents,
    cutsRecursion: config.recursiveLoop === 'Terminate',
    vpc: compileVpc(config, context),
  }
}

/** How long attaching a network interface took before 2019-09, measured by third parties. */
const ATTACH_DURATION = new Uniform(8 * MICROSECONDS_PER_SECOND, 15 * MICROSECONDS_PER_SECOND)

function compileVpc({ vpcConfig }: FunctionConfig, context: FunctionContext): VpcSettings | null {
  if (vpcConfig === undefined) return null
  const { idleDays, pendingSeconds } = vpcStateTimes(context.platform)
  return {
    subnets: vpcConfig.subnetIds.map(bareName),
    securityGroups: [...vpcConfig.securityGroupIds].sort(),
    sharesInterfaces: sharesInterfaces(context.platform),
    isPendingAtStart: context.isPendingAtStart,
    pendingDurationUs: vpcConfig.pendingDuration ?? pendingSeconds * MICROSECONDS_PER_SECOND,
    inactiveAfterUs: vpcConfig.inactiveAfter ?? idleDays * MICROSECONDS_PER_DAY,
    attachDuration:
      vpcConfig.attachDuration === undefined
        ? ATTACH_DURATION
        : context.distribution(vpcConfig.attachDuration),
  }
}

function compileAsynchronous({
  eventInvokeConfig,
  deadLetterConfig,
}: FunctionConfig): AsynchronousSettings {
  const { destinationConfig } = eventInvokeConfig
  return {
    maximumRetryAttempts: eventInvokeConfig.maximumRetryAttempts,
    maximumEventAgeUs: eventInvokeConfig.maximumEventAge,
    pollerWindow: eventInvokeConfig.pollerWindow,
    duplicateShare: eventInvokeConfig.duplicateDeliveries,
    onSuccess: destinationConfig.onSuccess ?? null,
    onFailure: destinationConfig.onFailure ?? null,
    deadLetterTarget: deadLetterConfig?.deadLetterTarget ?? null,
  }
}

export function failureShares({ handler }: FunctionConfig): FailureShares {
  const { failures, errorRate } = handler
  return {
    error: errorRate ?? failures?.error ?? 0,
    crash: failures?.crash ?? 0,
    outOfMemory: failures?.outOfMemory ?? 0,
    timeout: failures?.timeout ?? 0,
    initError: failures?.initError ?? 0,
  }
}

function compileHandler(config: FunctionConfig, context: FunctionContext): HandlerSettings {
  const { handler } = config
  const scaled = (choice: DistributionChoice, cpuBound = handler.cpuBound ?? 0): Distribution =>
    atMemory(context.distribution(choice), cpuBound, config, context)
  const { duration, steps } = compileSteps(handler, scaled, context.expectedAnswerOf)
  const { recordDuration, recordFailures } = handler
  return {
    duration,
    recordDuration: recordDuration === undefined ? null : scaled(recordDuration),
    failures: failureShares(config),
    recordFailures: recordFailures ?? { poison: 0, transient: 0, byAttribute: [] },
    steps,
  }
}

/** What was written for one memory size, at the function's. */
function atMemory(
  own: Distribution,
  cpuBound: number,
  { memorySize }: FunctionConfig,
  { writtenMemoryMb }: FunctionContext,
): Distribution {
  const factor = memoryFactor(cpuBound, writtenMemoryMb, memorySize)
  return factor === 1 ? own : new Scaled(own, factor)
}

/**
 * By how much a handler gets slower from one memory size to another: its CPU-bound share scales
 * with the CPU it gets, which is proportional to memory up to one vCPU at 1,769 MB.
 * Source: Lambda developer guide, "Configuring Lambda function memory".
 */
function memoryFactor(cpuBound: number, fromMb: number, toMb: number): number {
  const speedUp = Math.min(ONE_VCPU_MB, toMb) / Math.min(ONE_VCPU_MB, fromMb)
  return speedUp === 1 ? 1 : 1 - cpuBound + cpuBound / speedUp
}

function noColdStart(config: FunctionConfig): ColdStartSettings {
  const nothing = new Constant(0)
  return {
    restore: hasSnapStart(config) ? { time: nothing, hooks: nothing } : null,
    placement: nothing,
    init: nothing,
    firstInvocation: nothing,
    proactiveShare: 0,
    initIsPreset: false,
    handOver: 'never',
  }
}

function compileColdStart(config: FunctionConfig, context: FunctionContext): ColdStartSettings {
  const { distribution } = context
  const { coldStart, runtime, packageType, architectures, memorySize } = config
  if (coldStart === 'none') return noColdStart(config)
  const nothing = new Constant(0)
  const preset = coldStartPreset(runtime, packageType, architectures, memorySize)
  const init = coldStart.init === undefined ? preset?.init : distribution(coldStart.init)
  if (isManaged(config) && init !== undefined) {
    return { ...noColdStart(config), init, initIsPreset: coldStart.init === undefined }
  }
  const firstInvocation =
    coldStart.firstInvocation === undefined
      ? preset?.firstInvocation
      : atMemory(distribution(coldStart.firstInvocation), coldStart.cpuBound, config, context)
  if (init === undefined || firstInvocation === undefined) {
    throw new RangeError(`no cold start is known for ${runtime}`)
  }
  return {
    placement:
      coldStart.placement === undefined ? defaultPlacement() : distribution(coldStart.placement),
    init,
    firstInvocation,
    restore: hasSnapStart(config)
      ? {
          time:
            coldStart.restore === undefined
              ? restorePreset(runtime, memorySize)
              : distribution(coldStart.restore),
          hooks:
            coldStart.restoreHooks === undefined ? nothing : distribution(coldStart.restoreHooks),
        }
      : null,
    proactiveShare: coldStart.proactive,
    initIsPreset: coldStart.init === undefined,
    handOver: coldStart.handOver,
  }
}

export function isManaged({ capacityProviderConfig }: FunctionConfig): boolean {
  return capacityProviderConfig !== undefined
}

export function hasSnapStart({ snapStart }: FunctionConfig): boolean {
  return snapStart?.applyOn === 'PublishedVersions'
}

function compileKeepAlive(config: FunctionConfig, platform: PlatformMonth): KeepAliveSettings {
  const options = config.keepAlive ?? { policy: 'preset', platform }
  const entry = keepAlivePolicy(options.policy)
  return {
    create: (context) => entry.create(options, context),
    description: entry.describe(options),
  }
}
