/** The whole scenario: the contract with whoever writes one. */
import { z } from 'zod'
import { clientSchema, retryShorthand } from '../../model/clients/schema.ts'
import { DEPLOYMENT_STRATEGIES } from '../../model/compute/deployment-strategies.ts'
import { platformMonthText } from '../../model/compute/keep-alive/preset.ts'
import { REGIONS } from '../../model/compute/regions.ts'
import { connectionSchema } from '../../model/doors/connection-schema.ts'
import { shapeKeys } from '../../model/messages/schema.ts'
import { RESOURCES } from '../../model/resources/index.ts'
import { trafficSchema } from '../../model/traffic/index.ts'
import {
  concurrency,
  duration,
  durationBetween,
  parsedBy,
  positiveDuration,
  rate,
  UnitError,
  wholeNumber,
} from '../../model/units.ts'
import { START_SOURCE, startAction } from '../../model/workflow/actions.ts'
import { billingSchema } from './billing.ts'
import { name, oneOf } from './common.ts'
import { lambdaFunction } from './function.ts'
import { initial } from './initial.ts'
import { TIMELINE_VERBS } from './timeline-verbs.ts'
import { variants } from './variants.ts'
import { workflowQuotasSchema } from './workflow-quotas.ts'

const QUOTAS = 'Lambda developer guide, "Lambda quotas"'

/** `2026-03-02T00:00:00Z` as epoch milliseconds. */
function parseInstant(text: string): number {
  const pattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/
  const instant = pattern.test(text) ? Date.parse(text) : Number.NaN
  const day = Number(text.slice(8, 10))
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0))
  if (Number.isNaN(instant) || day > lastDay.getUTCDate()) {
    throw new UnitError(`\`${text}\` is not a time such as 2026-03-02T00:00:00Z or 2026-03-02`)
  }
  return instant
}

const instant = z
  .string({ error: 'a time is written 2026-03-02T00:00:00Z' })
  .meta({ typeText: 'time', examples: ['2026-03-02T00:00:00Z'] })
  .transform(parsedBy(parseInstant))

const account = z.strictObject({
  region: oneOf(REGIONS).meta({
    description: 'The AWS Region; it selects historic burst limits and prices.',
    source: 'AWS general reference, "AWS Regions"',
  }),
  concurrentExecutions: concurrency
    .refine((limit) => limit > 0, { error: 'an account has a concurrency limit of at least 1' })
    .prefault(1_000)
    .meta({
      description: "The account's concurrency limit in this Region.",
      source: QUOTAS,
    }),
  apiGateway: z
    .strictObject({
      rate: rate
        .refine((perSecond) => perSecond > 0, { error: 'a rate limit is above 0' })
        .optional()
        .meta({
          description: 'Requests a second in the long run.',
          defaultText: "the Region's: 10000/s, or 2500/s",
        }),
      burst: wholeNumber('burst', 1, 100_000_000).optional().meta({
        description: 'Requests at once after a rest.',
        defaultText: "the Region's: 5000, or 1250",
      }),
      newConnections: rate
        .refine((perSecond) => perSecond > 0, { error: 'a rate limit is above 0' })
        .optional()
        .meta({
          description: 'New connections to all WebSocket APIs together.',
          defaultText: '500/s',
        }),
      integrationTimeout: durationBetween(29_000_000, 900_000_000).optional().meta({
        description:
          'How far AWS has raised the longest integration timeout of REST APIs that are not edge-optimised.',
        defaultText: '29s',
      }),
    })
    .optional()
    .meta({
      description:
        'Quotas of API Gateway that all APIs of the account share; over the rates clients get 429.',
      source: 'Amazon API Gateway developer guide, "Amazon API Gateway quotas"',
    }),
  stepFunctions: workflowQuotasSchema,
  otherFunctions: z
    .strictObject({
      unreservedConcurrency: concurrency.prefault(0).meta({
        description:
          'Unreserved concurrency that functions outside the scenario hold all the time.',
      }),
    })
    .prefault({})
    .meta({
      description: 'What runs in the account but is not modelled here; by default nothing.',
    }),
})

const producer = trafficSchema({
  to: z.string({ error: 'a target is a name such as checkout or checkout:live' }).meta({
    description:
      'What is called: a function, or function:qualifier (alias, version, $LATEST), or a queue, topic, bus, stream, table or bucket, or an api, whose routes lead to functions or state machines, or a state machine.',
  }),
  route: z
    .string({ error: '`route` names an event of a function as FUNCTION.EVENT' })
    .optional()
    .meta({
      description:
        'Of an api: the only route that the requests take, by the name of its event, FUNCTION.EVENT or MACHINE.EVENT.',
      defaultText: 'all routes, by their weights',
    }),
  connection: connectionSchema.optional().meta({
    description:
      'Of a websocket-api: each request opens a connection, on which messages follow. Left out: each request is a message on a connection that is there.',
  }),
  invocationType: z.enum(['RequestResponse', 'Event']).optional().meta({
    description:
      'Of a function: whether the caller waits for the answer (RequestResponse), or only queues an event.',
    defaultText: '`RequestResponse`',
    source: 'Lambda API reference, Invoke',
  }),
  action: startAction.optional().meta({
    description:
      'Of a state machine: StartSyncExecution waits for the end of each execution (EXPRESS only).',
    defaultText: '`StartExecution`',
    source: START_SOURCE,
  }),
  batch: z
    .int({ error: 'batch is a whole number' })
    .min(1, { error: 'batch is at least 1' })
    .max(1_000_000)
    .optional()
    .meta({
      description: 'How many messages come with each arrival, where nobody waits for an answer.',
      defaultText: '1',
    }),
  ...shapeKeys,
  client: clientSchema.optional().meta({
    description:
      'How the callers of a function behave; by default they call once and wait for the answer.',
  }),
  retry: retryShorthand.optional().meta({ description: 'Shorthand of client.retry.mode.' }),
})

/** What may be set stands in `timeline.ts`; values are checked by the schema of their path. */
const setAction = z.strictObject({
  at: duration.meta({ description: 'When, from the start of the run.' }),
  set: z
    .record(z.string(), z.unknown())
    .refine((paths) => Object.keys(paths).length > 0, {
      error: '`set` must name at least one path',
    })
    .meta({ description: 'Settings that change then, by dotted path.' }),
})

const deployAction = z.strictObject({
  at: duration.meta({ description: 'When, from the start of the run.' }),
  deploy: z.string({ error: '`deploy` names a function' }).meta({
    description:
      'The function that gets a new version; its environments start cold. One deployment at a time.',
    source: 'AWS CodeDeploy user guide, "CodeDeploy quotas"',
  }),
  strategy: oneOf(DEPLOYMENT_STRATEGIES.map((strategy) => strategy.name))
    .prefault(DEPLOYMENT_STRATEGIES[0]?.name ?? '')
    .meta({
      description: 'How traffic shifts to the new version.',
      source: 'AWS SAM developer guide, "Deploying serverless applications gradually"',
    }),
})

/** `{ at: 25m, redrive: failed }`: what a resource or an event is told to do. */
const verbActions = TIMELINE_VERBS.map(({ verb, command, names }) =>
  z
    .strictObject({
      at: duration.meta({ description: 'When, from the start of the run.' }),
      [verb]: z
        .string({ error: `\`${verb}\` names ${names}` })
        .meta({ description: `${command.summary} Names ${names}.` }),
      ...command.keys,
    })
    .transform((entry): CommandAction => {
      const { at, [verb]: named, ...options } = entry as Record<string, unknown>
      return { at: Number(at), verb, named: String(named), options }
    }),
)

/** A timeline entry of a verb, as the checks and the compiler read it. */
interface CommandAction {
  readonly at: number
  readonly verb: string
  readonly named: string
  readonly options: Readonly<Record<string, unknown>>
}

const VERBS = ['set', 'deploy', ...TIMELINE_VERBS.map(({ verb }) => verb)]

/** What an entry does is missing or said twice; other faults are told by the action it means. */
function actionFault({ input }: { readonly input?: unknown }): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined
  const said = VERBS.filter((verb) => Object.hasOwn(input, verb))
  if (said.length > 1) {
    const both = said.map((verb) => `\`${verb}\``).join(' or ')
    return `an entry has either ${both}: write two entries, which may share their \`at\``
  }
  if (Object.keys(input).join() === 'at') {
    const known = VERBS.map((verb) => `\`${verb}\``)
    return `what happens then? An entry needs ${known.slice(0, -1).join(', ')} or ${known.at(-1)} beside \`at\``
  }
  return undefined
}

/** The sections of resources, each a map by name; `resources.ts` reads them. */
function resourceSections(): Record<string, z.ZodType<Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    RESOURCES.map(({ section, schema, summary }) => [
      section,
      z.record(name, schema).prefault({}).meta({ description: summary }),
    ]),
  )
}

export const scenarioSchema = z.strictObject({
  name: name.meta({ description: 'The name of the scenario, in every output.' }),
  description: z
    .string()
    .max(2_000)
    .prefault('')
    .meta({ description: 'What the scenario shows, in a sentence.' }),
  duration: positiveDuration.meta({ description: 'Simulated time, at most 366d.' }),
  warmUp: duration.prefault('0s').meta({
    description: 'The first part of the run that summary.csv leaves out.',
  }),
  metricsPeriod: positiveDuration.prefault('60s').meta({
    description: 'Length of a row of metrics.csv.',
    source: 'CloudWatch standard resolution',
  }),
  seed: z
    .union([z.int(), z.string().min(1).max(200)], { error: 'a seed is a whole number or a word' })
    .prefault(1)
    .meta({ description: 'Same seed, same random numbers, same output.' }),
  startsAt: instant.prefault('2026-03-02T00:00:00Z').meta({
    description: 'Wall-clock time at the start: anchors daily patterns; never the real clock.',
  }),
  platform: platformMonthText.prefault('2026-11').meta({
    description:
      'The month whose AWS behaviour is simulated, 2017-01 to 2026-11; single options override it.',
    source: 'Lambda developer guide, "Document history"',
  }),
  drain: z.boolean().prefault(false).meta({
    description:
      'After duration, go on without arrivals until nothing is in flight, at most for maximumDrain.',
  }),
  maximumDrain: positiveDuration.prefault('14d').meta({
    description:
      'How long drain goes on at most; the default is the longest that a queue keeps a message. A loop of events may never end by itself.',
  }),
  account: account.meta({ description: 'The AWS account in one Region.' }),
  functions: z
    .record(name, lambdaFunction)
    .refine((functions) => Object.keys(functions).length > 0, {
      error: '`functions` must declare at least one function',
    })
    .meta({ description: 'Lambda functions by name.' }),
  ...resourceSections(),
  traffic: z
    .record(name, producer)
    .prefault({})
    .meta({ description: 'What comes from outside the account, by name.' }),
  timeline: z
    .array(z.union([setAction, deployAction, ...verbActions], { error: actionFault }))
    .prefault([])
    .meta({ description: 'What changes during the run.' }),
  initial: initial.prefault({}).meta({ description: 'What is there at the start.' }),
  thresholds: z
    .array(z.string({ error: 'a threshold is text such as `checkout.Throttles.share < 0.1%`' }))
    .prefault([])
    .meta({
      description:
        'What must hold at the end: [scope.]name.Metric.statistic, an operator (<, <=, >, >=) and a value.',
      examples: ['shoppers.ClientLatency.p99 < 500ms', 'checkout.Throttles.share < 0.1%'],
    }),
  variants,
  billing: billingSchema.optional().meta({
    description:
      'What the run stands for in a month; left out: a run has its own cost and none of a month.',
  }),
})

export type Scenario = z.output<typeof scenarioSchema>
