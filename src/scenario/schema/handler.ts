/** `functions.NAME.handler`: what a function does with a request. */
import { z } from 'zod'
import { share } from '../../model/units.ts'
import { callSchema } from './calls.ts'
import { durationDistribution } from './common.ts'
import { recordFailures } from './events.ts'

const LIFECYCLE = 'Lambda developer guide, "Understanding the execution environment lifecycle"'
const MEMORY = 'Lambda developer guide, "Configuring Lambda function memory"'

const computeStep = z.strictObject({
  compute: durationDistribution.meta({
    description: "The handler's own time, in a warm environment at this memorySize.",
  }),
  cpuBound: share.optional().meta({
    description: 'Share of it that scales with memory.',
    defaultText: "the handler's cpuBound",
    source: MEMORY,
  }),
  probability: share.prefault('100%').meta({ description: 'Chance that the step is taken.' }),
})

const simpleStep = z.union([computeStep, callSchema])

const parallelStep = z.strictObject({
  parallel: z
    .array(z.union([simpleStep, z.array(simpleStep)]))
    .min(1, { error: '`parallel` has at least one branch' })
    .meta({
      description:
        'Branches that run at the same time, each a step or a list of steps; the next step begins when all are done.',
    }),
  probability: share.prefault('100%').meta({ description: 'Chance that the step is taken.' }),
})

const handlerStep = z.union([computeStep, parallelStep, callSchema])

const failures = z.strictObject({
  error: share
    .optional()
    .meta({ description: 'Share of invocations whose handler returns an error.' }),
  crash: share.optional().meta({
    description: 'Share of invocations in which the process exits: the environment is reset.',
    source: LIFECYCLE,
  }),
  outOfMemory: share.optional().meta({
    description: 'Share of invocations that run out of memory: the environment is reset.',
    source: LIFECYCLE,
  }),
  timeout: share.optional().meta({
    description: 'Share of invocations that hang until the function timeout.',
    source: LIFECYCLE,
  }),
  initError: share
    .optional()
    .meta({ description: 'Share of environment inits that fail.', source: LIFECYCLE }),
})

const handlerObject = z.strictObject({
  duration: durationDistribution.optional().meta({
    description:
      "The handler's own time in a warm environment at this memorySize: a duration or a distribution. Required, unless measuredDuration or steps is given.",
  }),
  measuredDuration: durationDistribution.optional().meta({
    description: "CloudWatch's Duration, in place of duration.",
  }),
  cpuBound: share.optional().meta({
    description:
      'Share of the duration that scales with memory when a variant changes memorySize (up to 1769 MB, one vCPU).',
    source: 'Lambda developer guide, "Configuring Lambda function memory"',
  }),
  recordDuration: durationDistribution.optional().meta({
    description:
      'What each message, event or record adds to the duration of an invocation that has such.',
    defaultText: 'nothing',
  }),
  recordFailures: recordFailures.optional().meta({
    description: 'On which messages, events and records the handler fails; left out: on none.',
  }),
  calls: z.array(callSchema).optional().meta({
    description:
      'What the handler sends and whom it calls after its own time, in this order, unless it fails.',
  }),
  errorRate: share.optional().meta({ description: 'Shorthand of failures.error.' }),
  failures: failures
    .optional()
    .meta({ description: 'How often and how invocations fail; left out: never.' }),
  steps: z.array(handlerStep).optional().meta({
    description:
      'What the handler does, in this order, in place of duration and calls: compute, call, or several branches in parallel. A failure share strikes after the first compute.',
  }),
})

export type SimpleStepConfig = z.output<typeof simpleStep>
export type StepConfig = z.output<typeof handlerStep>

export const handlerSchema = z.union([
  handlerObject,
  z
    .array(handlerStep)
    .min(1, { error: 'a handler has at least one step' })
    .transform((steps): z.output<typeof handlerObject> & { readonly isList: true } => ({
      steps,
      isList: true,
    })),
])

type HandlerConfig = z.output<typeof handlerSchema>

interface PlacedCall {
  /** Relative to the function. */
  readonly path: readonly (string | number)[]
  readonly call: z.output<typeof callSchema>
  /** How likely the handler comes to it. */
  readonly probability: number
}

/** Every call of a handler, with where it stands. */
export function placedCalls(handler: HandlerConfig): readonly PlacedCall[] {
  const root = 'isList' in handler ? ['handler'] : ['handler', 'steps']
  const inCalls = (handler.calls ?? []).map((call, index) => ({
    path: ['handler', 'calls', index],
    call,
    probability: call.probability,
  }))
  const inSteps = (handler.steps ?? []).flatMap((step, index): readonly PlacedCall[] => {
    const path = [...root, index]
    if (!isParallel(step)) return callAt(step, path, 1)
    return step.parallel.flatMap((branch, number) => {
      const at = [...path, 'parallel', number]
      if (!Array.isArray(branch)) return callAt(branch, at, step.probability)
      return branch.flatMap((inner, place) => callAt(inner, [...at, place], step.probability))
    })
  })
  return [...inCalls, ...inSteps]
}

function callAt(
  step: SimpleStepConfig,
  path: PlacedCall['path'],
  probability: number,
): readonly PlacedCall[] {
  if (isCompute(step)) return []
  return [{ path, call: step, probability: probability * step.probability }]
}

export function isParallel(step: StepConfig): step is z.output<typeof parallelStep> {
  return 'parallel' in step
}

export function isCompute(step: StepConfig): step is z.output<typeof computeStep> {
  return 'compute' in step
}
