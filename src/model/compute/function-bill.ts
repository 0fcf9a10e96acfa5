/**
 * What a function is charged for. Requests count when their code starts, durations when they end;
 * throttles, waiting and idle environments cost nothing.
 * Source: aws.amazon.com/lambda/pricing.
 */
import type { FunctionSettings } from '../compiled-scenario.ts'
import type { Charge } from '../pricing/charge.ts'
import type { LambdaFunction } from './lambda-function.ts'

/** Instances are paid for by their capacity provider; durations are not. */
const MANAGED_REQUESTS: Charge<LambdaFunction> = {
  product: 'lambdaManagedInstanceRequests',
  amount: ({ meter, asyncMeter }) => meter.invocations.total + (asyncMeter?.furtherRequests ?? 0),
}

export function functionBill(settings: FunctionSettings): readonly Charge<LambdaFunction>[] {
  if (settings.managed !== null) return [MANAGED_REQUESTS, ...logCharges(settings)]
  const isArm = settings.architecture === 'arm64'
  const times = settings.memoryMb
  const charges: Charge<LambdaFunction>[] = [
    {
      product: 'lambdaRequests',
      amount: ({ meter, asyncMeter }) =>
        meter.invocations.total + (asyncMeter?.furtherRequests ?? 0),
    },
    {
      product: isArm ? 'lambdaDurationArm' : 'lambdaDurationX86',
      amount: (owner) =>
        owner.meter.billedDuration.total - provisionedInvocationsMs(owner) + owner.unattendedInitMs,
      times,
    },
  ]
  charges.push(...storageCharges(settings), ...logCharges(settings), ...snapStartCharges(settings))
  if (settings.tenants !== null) {
    charges.push({
      product: 'lambdaTenantEnvironments',
      amount: ({ meter }) => meter.tenantEnvironments!.total,
      times,
    })
  }
  if (!settings.qualifiers.some(({ hasProvisionedConcurrency: has }) => has)) return charges
  return [
    ...charges,
    {
      product: isArm ? 'lambdaProvisionedArm' : 'lambdaProvisionedX86',
      amount: (owner, { lengthUs }) =>
        sumOver(owner, ({ configured }) => configured.total(lengthUs)),
      times,
    },
    {
      product: isArm ? 'lambdaProvisionedDurationArm' : 'lambdaProvisionedDurationX86',
      amount: (owner) => provisionedInvocationsMs(owner) + owner.meter.provisionedInits!.total,
      times,
    },
  ]
}

/** What is free of /tmp, MB. */
const FREE_STORAGE_MB = 512

/** For as long as durations are billed. */
function storageCharges({ ephemeralStorageMb }: FunctionSettings): Charge<LambdaFunction>[] {
  const times = ephemeralStorageMb - FREE_STORAGE_MB
  if (times <= 0) return []
  const amount = ({ meter, unattendedInitMs }: LambdaFunction): number =>
    meter.billedDuration.total + unattendedInitMs
  return [{ product: 'lambdaEphemeralStorage', amount, times }]
}

/** What comes in; keeping it is not billed here. Source: aws.amazon.com/cloudwatch/pricing. */
function logCharges({ logBytesPerInvocation }: FunctionSettings): Charge<LambdaFunction>[] {
  if (logBytesPerInvocation === 0) return []
  return [
    {
      product: 'cloudWatchLogs',
      amount: ({ meter }) => meter.invocations.total,
      times: logBytesPerInvocation,
    },
  ]
}

/**
 * Free for the managed runtimes of Java. Each version is paid for as long as the run has it; one that
 * is published in the run, for three hours at least.
 */
function snapStartCharges({
  coldStart: { restore },
  memoryMb,
  packageType,
  runtime,
}: FunctionSettings): Charge<LambdaFunction>[] {
  if (restore === null || (packageType === 'Zip' && runtime.startsWith('java'))) return []
  return [
    {
      product: 'lambdaSnapStartCache',
      amount: ({ snapStart }) => snapStart!.snapshots.total,
      times: memoryMb,
    },
    {
      product: 'lambdaSnapStartCache',
      line: { item: 'lambda-snapstart-cache-minimum', isStanding: false },
      amount: ({ snapStart }, { lengthUs }) => snapStart!.untilLeastUs(lengthUs),
      times: memoryMb,
    },
    {
      product: 'lambdaSnapStartRestore',
      amount: ({ snapStart }) => snapStart!.restores.total,
      times: memoryMb,
    },
  ]
}

type Provisioned = NonNullable<LambdaFunction['qualifiers'][number]['provisioned']>

function provisionedInvocationsMs(owner: LambdaFunction): number {
  return sumOver(owner, ({ billedMs }) => billedMs)
}

function sumOver({ qualifiers }: LambdaFunction, read: (each: Provisioned) => number): number {
  return qualifiers.reduce(
    (sum, { provisioned }) => sum + (provisioned === null ? 0 : read(provisioned)),
    0,
  )
}
