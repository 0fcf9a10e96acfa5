/**
 * What a function is charged for. Requests count when their code starts, durations when they end;
 * throttles, waiting and idle environments cost nothing.
 * Source: aws.amazon.com/lambda/pricing.
 */
import type { FunctionSettings } from '../compiled-scenario.ts'
import type { Charge } from '../pricing/charge.ts'
import type { LambdaFunction } from './lambda-function.ts'

export function functionBill(settings: FunctionSettings): readonly Charge<LambdaFunction>[] {
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
      amount: (owner) => sumOver(owner, ({ billedMs, initMs }) => billedMs + initMs),
      times,
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
