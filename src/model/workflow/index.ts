/** The section `stateMachines`: workflows of AWS Step Functions. */
import { z } from 'zod'
import type { Assumption } from '../compiled-scenario.ts'
import { distributionSchema } from '../distributions/index.ts'
import type { CheckContext, Fault, Reference, ResourceEntry } from '../entry.ts'
import { duration, share, shown, wholeNumber } from '../units.ts'
import { assumptionsOf } from './assumptions.ts'
import { workflowBill } from './billing.ts'
import { definitionOf, type StateMachineConfig } from './config.ts'
import { machineMetrics, metricsOf } from './metrics.ts'
import { StartedStateMachine } from './started-state-machine.ts'
import { startEntry, startSchema } from './starts/index.ts'

const GUIDE = 'AWS Step Functions developer guide'
const byState = 'By the name of the state.'

const anyValue = z.unknown().meta({ typeText: 'any value' })

const definitionKey = z.unknown().meta({
  typeText: 'file name, or the definition itself',
  description:
    'The definition in Amazon States Language, unchanged: the name of a JSON or YAML file, relative to the scenario, or the definition itself.',
  source: `${GUIDE}, "Using Amazon States Language to define Step Functions workflows"`,
})

const itemCount = z
  .number({ error: (issue) => `${shown(issue.input)} is no number of items` })
  .min(0, {
    error: 'a number of items is 0 or more',
  })

/** Whether shares add up to 1. */
function isWhole(shares: readonly number[]): boolean {
  const sum = shares.reduce((total, each) => total + each, 0)
  return Math.abs(sum - 1) < 1e-9
}

export const stateMachineSchema = z.strictObject({
  type: z
    .enum(['STANDARD', 'EXPRESS'], { error: 'type is STANDARD or EXPRESS' })
    .prefault('STANDARD')
    .meta({
      description: 'Which sort of workflow it is; quotas, semantics and billing differ.',
      source: `${GUIDE}, "Choosing workflow type in Step Functions"`,
    }),
  definition: definitionKey.optional(),
  definitionUri: definitionKey
    .optional()
    .meta({ description: 'The same as definition, as in SAM.' }),
  definitionSubstitutions: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .prefault({})
    .meta({
      description:
        'What stands for the placeholders of the definition (names in braces after a dollar sign): ARNs, or names of nodes of the scenario.',
      source: 'AWS SAM developer guide, "AWS::Serverless::StateMachine"',
    }),
  resources: z
    .record(z.string(), z.string({ error: 'a resource is the name of a node' }))
    .prefault({})
    .meta({
      description:
        'Which nodes of the scenario the definition means, by ARN, URL or name as it stands there, or by the name of the state. Where the last part of an ARN is the name of a node, nothing needs to be said.',
    }),
  input: anyValue.optional().meta({
    description:
      'The input document of every execution. With it data decides where the flow goes; left out, nothing is known of it.',
  }),
  inputs: z
    .array(
      z.strictObject({
        share: share.meta({ description: 'Of the executions.' }),
        value: anyValue.meta({ description: 'The document.' }),
      }),
      { error: 'inputs is a list such as [{ share: 70%, value: { size: 1 } }]' },
    )
    .min(1, { error: 'inputs has at least one document' })
    .refine((inputs) => isWhole(inputs.map((input) => input.share)), {
      error: 'the shares of the inputs add up to 100%',
    })
    .optional()
    .meta({
      description:
        'Several input documents in place of `input`, with their shares; which one an execution has is drawn for it.',
    }),
  choices: z
    .record(z.string(), z.record(z.string(), share))
    .prefault({})
    .meta({
      description: `${byState} Of a Choice: how often it goes to each next state; what is left goes to its Default. Wins over data.`,
    }),
  items: z
    .record(z.string(), distributionSchema(itemCount, 1))
    .prefault({})
    .meta({ description: `${byState} Of a Map: how many items it has. Wins over data.` }),
  results: z
    .record(z.string(), anyValue)
    .prefault({})
    .meta({
      description: `${byState} Of a task: the document that it returns (of lambda:invoke also what the function returns, without the Payload around it), or a list of { share, value }, { share, error } or { share, never: true }.`,
    }),
  durations: z
    .record(z.string(), distributionSchema(duration))
    .prefault({})
    .meta({
      description: `${byState} How long a task takes that the scenario has no node for, a job (.sync) or a callback (.waitForTaskToken) after its call, or a Wait whose data is not known.`,
    }),
  serviceDuration: distributionSchema(duration).optional().meta({
    description:
      'How long tasks take for which `durations` says nothing, and that the scenario has no node for, or that are jobs or callbacks.',
  }),
  errors: z
    .record(
      z.string(),
      z.union([
        z.string().transform((name): Record<string, number> => ({ [name]: 1 })),
        z.record(z.string(), share).refine((shares) => isWhole(Object.values(shares)), {
          error: 'the shares of the names of exceptions add up to 100%',
        }),
      ]),
    )
    .prefault({})
    .meta({
      description: `${byState} Names of the exceptions that the function of a task throws, with their shares of its errors.`,
      defaultText: 'Error',
    }),
  transitionLatency: distributionSchema(duration).optional().meta({
    description: 'How long each state transition takes.',
    defaultText: '0s',
    source: 'not documented by AWS; assumed',
  }),
  duplicateExecutions: share.prefault('0%').meta({
    description:
      'Of an EXPRESS workflow: share of the executions that run twice, because asynchronous Express workflows run at least once.',
    source: `$GUIDE, "Choosing workflow type in Step Functions"`,
  }),
  memory: wholeNumber('memory', 1, 3_072).prefault(64).meta({
    description: 'Of an EXPRESS workflow: MB that an execution uses, for its bill.',
    source: 'one step of 64 MB is assumed',
  }),
  events: z.record(z.string(), startSchema).prefault({}).meta({
    description:
      'What starts executions, as in a SAM template: a schedule, a rule of a bus, a route of an API. Targets of rules, other state machines, handlers and traffic start them as well.',
  }),
})

function referencesOf(config: StateMachineConfig): readonly Reference[] {
  const called = definitionOf(config).references.map(
    ({ to, section, isAwaited, meanShare }): Reference => ({
      path: ['definition'],
      to,
      sections: [section],
      role: 'what a state machine calls',
      sends: true,
      isAwaited,
      meanShare,
    }),
  )
  return [...called, ...startReferences(config)]
}

function startReferences({ events }: StateMachineConfig): readonly Reference[] {
  return Object.entries(events).flatMap(([name, start]) =>
    (startEntry(start).references?.(start) ?? []).map((reference) => ({
      ...reference,
      path: ['events', name, ...reference.path],
    })),
  )
}

function faultsOf(
  name: string,
  config: StateMachineConfig,
  context: CheckContext,
): readonly Fault[] {
  const faults = Object.entries(config.events).flatMap(([event, start]): Fault[] => {
    const edge = {
      name: `${name}.${event}`,
      path: `stateMachines.${name}.events.${event}`,
      config: start,
    }
    const found = startEntry(start).check?.(edge, config, context) ?? []
    return found.map((fault) => ({ ...fault, path: ['events', event, ...fault.path] }))
  })
  if (config.type === 'STANDARD' && config.duplicateExecutions > 0) {
    const message = 'a STANDARD workflow runs each execution exactly once'
    faults.push({ path: ['duplicateExecutions'], message })
  }
  return faults
}

export const stateMachine: ResourceEntry<StateMachineConfig> = {
  section: 'stateMachines',
  scope: 'stateMachine',
  summary: 'Workflows of AWS Step Functions, from their own definitions in Amazon States Language.',
  schema: stateMachineSchema,
  references: referencesOf,
  assumptions: assumptionsOf satisfies (config: StateMachineConfig) => readonly Assumption[],
  metrics: machineMetrics,
  places: (name, config) =>
    metricsOf(definitionOf(config).program).map(({ place }) => `${name}.${place}`),
  check: faultsOf,
  warnings: (_name, config) => definitionOf(config).program.warnings,
  bill: workflowBill,
  firings: (name, { events }, run) =>
    Object.entries(events).flatMap(([event, start]) => {
      const entry = startEntry(start)
      const firings = entry.firings?.(start, run)
      const metrics = entry.metrics?.(start) ?? []
      return firings === undefined
        ? []
        : [{ name: `${name}.${event}`, kind: start.type, metrics, ...firings }]
    }),
  // What a handler waits for takes as long as what the execution calls.
  expectedAnswer: () => ({ meanAnswerUs: 0, errorRate: 0 }),
  callPhases: ({ type }) => (type === 'EXPRESS' ? ['service'] : []),
  commands: {
    redriveExecutions: {
      summary:
        'Starts executions that failed, timed out or were stopped again, each from the state that failed, with new counters of retries.',
      keys: {},
      check: (name, { configOf }) => {
        const config = configOf(name, ['stateMachines']) as StateMachineConfig | undefined
        return config?.type === 'EXPRESS' ? 'Express executions cannot be redriven' : undefined
      },
    },
  },
  create: (name, config, _initial, world) => new StartedStateMachine(name, config, world),
}
