import { retryMode } from '../model/clients/retry-modes/index.ts'
import type { HandlerCall, HandlerCompute, HandlerStep } from '../model/compiled-scenario.ts'
import { Constant } from '../model/distributions/constant.ts'
import type { Distribution, DistributionChoice } from '../model/distributions/distribution.ts'
import type { ExpectedAnswer } from '../model/downstream/downstream.ts'
import { shapeOf } from '../model/messages/schema.ts'
import { accessOf, type TableAccess } from '../model/resources/table/operations.ts'
import type { Section } from '../model/world.ts'
import { DEFAULT_OPERATION, itemBytes, targetOfCall } from './schema/calls.ts'
import type { FunctionConfig } from './schema/function.ts'
import { isCompute, isParallel, type SimpleStepConfig, type StepConfig } from './schema/handler.ts'

type HandlerConfig = FunctionConfig['handler']
type CallConfig = Exclude<SimpleStepConfig, { readonly compute: unknown }>
/** The distribution of a choice at the function's memory; `cpuBound` where it has its own. */
type Scaled = (choice: DistributionChoice, cpuBound?: number) => Distribution
/** What is called answers where nothing holds it up. */
export type ExpectedAnswerOf = (section: Section, name: string) => ExpectedAnswer

/**
 * The handler's own time and what it does afterwards. Of steps the first compute is the own time,
 * if the handler begins with one: like any handler's it is drawn with the request.
 */
export function compileSteps(
  handler: HandlerConfig,
  scaled: Scaled,
  expectedAnswerOf: ExpectedAnswerOf,
): { readonly duration: Distribution; readonly steps: readonly HandlerStep[] } {
  if (handler.steps === undefined) {
    const choice = handler.duration ?? handler.measuredDuration
    if (choice === undefined) throw new RangeError('a handler without duration was let through')
    return {
      duration: scaled(choice),
      steps: (handler.calls ?? []).map((call) => compileCall(call, expectedAnswerOf)),
    }
  }
  const [first, ...others] = handler.steps
  const compile = (step: StepConfig): HandlerStep => compileStep(step, scaled, expectedAnswerOf)
  if (first !== undefined && isCompute(first) && first.probability === 1) {
    return { duration: scaled(first.compute, first.cpuBound), steps: others.map(compile) }
  }
  return { duration: new Constant(0), steps: handler.steps.map(compile) }
}

function compileStep(
  step: StepConfig,
  scaled: Scaled,
  expectedAnswerOf: ExpectedAnswerOf,
): HandlerStep {
  if (!isParallel(step)) return compileSimple(step, scaled, expectedAnswerOf)
  const branches = step.parallel.map((branch) =>
    (Array.isArray(branch) ? branch : [branch]).map((inner) =>
      compileSimple(inner, scaled, expectedAnswerOf),
    ),
  )
  return { kind: 'parallel', branches, ...ONCE, probability: step.probability }
}

function compileSimple(
  step: SimpleStepConfig,
  scaled: Scaled,
  expectedAnswerOf: ExpectedAnswerOf,
): HandlerCall | HandlerCompute {
  if (!isCompute(step)) return compileCall(step, expectedAnswerOf)
  const { compute, cpuBound, probability } = step
  return { kind: 'compute', duration: scaled(compute, cpuBound), ...ONCE, probability }
}

/** Where a failure is an answer like any other to an SDK. */
const ANSWERED_200: readonly Section[] = ['functions', 'stateMachines']

const ONCE = { count: 1, isPerRecord: false } as const

function compileCall(call: CallConfig, expectedAnswerOf: ExpectedAnswerOf): HandlerCall {
  const target = targetOfCall(call)
  if (target === undefined) throw new RangeError('a call without a target was let through')
  return {
    kind: 'call',
    to: target.to,
    sections: [target.section],
    isAwaited: target.isAwaited,
    count: call.count,
    isPerRecord: call.perRecord,
    probability: call.probability,
    timeoutUs: call.timeout ?? null,
    retriesErrors:
      !ANSWERED_200.includes(target.section) ||
      call.retry?.retryOn?.includes('functionErrors') === true,
    ...expectedAnswerOf(target.section, target.to),
    retry: retryOf(call, target.section),
    shape: shapeOf(call),
    ...(target.section === 'tables' && { access: tableAccess(call) }),
  }
}

/** The SDKs have waits of their own for DynamoDB. */
function retryOf({ retry }: CallConfig, section: Section): HandlerCall['retry'] {
  if (retry === undefined) return null
  const { create } = retryMode(retry.mode)
  return section === 'tables' ? create(retry, 'dynamodb') : create(retry)
}

function tableAccess(call: CallConfig): TableAccess {
  return accessOf(call.operation ?? DEFAULT_OPERATION, itemBytes(call), call.consistency)
}
