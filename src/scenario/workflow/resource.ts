/**
 * What the `Resource` of a task calls.
 * Source: AWS Step Functions developer guide, "Integrating services with Step Functions".
 */
import type { Section } from '../../model/world.ts'
import { type Fields, isObject, UNKNOWN } from './known.ts'

export type Pattern = 'request-response' | 'sync' | 'callback'

/** A call, before it is known which node of the scenario it means. */
export interface Call {
  /** As errors begin with it: `Lambda`. */
  readonly service: string
  readonly pattern: Pattern
  /** Sections that what it calls is in; none: the simulator has no such service. */
  readonly section: Section | null
  /** ARN, URL or name as it stands there; UNKNOWN where data says it. */
  readonly named: unknown
  /** Which argument names it. */
  readonly argument: string | null
  /** Messages of each call. */
  readonly count: number
  /** Of a function: only an event; of an execution: its end is not waited for. */
  readonly isEvent: boolean
  /** An action that changes nothing that is simulated, such as reading a table. */
  readonly isIdle: boolean
}

interface Service {
  readonly prefix: string
  readonly section: Section
  /** By action, in lower case: the argument that names the node, and that which holds the messages. */
  readonly actions: Readonly<Record<string, { readonly names: string; readonly list?: string }>>
}

const SERVICES: Readonly<Record<string, Service>> = {
  lambda: {
    prefix: 'Lambda',
    section: 'functions',
    actions: { invoke: { names: 'FunctionName' } },
  },
  sqs: {
    prefix: 'SQS',
    section: 'queues',
    actions: {
      sendmessage: { names: 'QueueUrl' },
      sendmessagebatch: { names: 'QueueUrl', list: 'Entries' },
    },
  },
  sns: {
    prefix: 'SNS',
    section: 'topics',
    actions: {
      publish: { names: 'TopicArn' },
      publishbatch: { names: 'TopicArn', list: 'PublishBatchRequestEntries' },
    },
  },
  events: {
    prefix: 'EventBridge',
    section: 'buses',
    actions: { putevents: { names: 'EventBusName', list: 'Entries' } },
  },
  dynamodb: {
    prefix: 'DynamoDB',
    section: 'tables',
    actions: {
      putitem: { names: 'TableName' },
      updateitem: { names: 'TableName' },
      deleteitem: { names: 'TableName' },
    },
  },
  kinesis: {
    prefix: 'Kinesis',
    section: 'streams',
    actions: {
      putrecord: { names: 'StreamName' },
      putrecords: { names: 'StreamName', list: 'Records' },
    },
  },
  states: {
    prefix: 'StepFunctions',
    section: 'stateMachines',
    actions: {
      startexecution: { names: 'StateMachineArn' },
      startsyncexecution: { names: 'StateMachineArn' },
    },
  },
}

const ALIASES: Readonly<Record<string, string>> = { eventbridge: 'events', sfn: 'states' }

/** null: the text is no ARN of a task; it may be the name of a node. */
export function callOf(resource: string, payload: unknown): Call | null {
  const direct = /^arn:[\w-]+:lambda:[^:]*:[^:]*:function:(.+)$/.exec(resource)
  if (direct !== null) return functionCall(resource)
  if (/^arn:[\w-]+:states:[^:]*:[^:]*:activity:/.test(resource)) {
    return { ...NOTHING, service: 'Activity', pattern: 'callback' }
  }
  const integration =
    /^arn:[\w-]+:states:[^:]*:[^:]*:(?:aws-sdk:)?([\w-]+):(\w+)(?:\.(sync(?::2)?|waitForTaskToken))?$/.exec(
      resource,
    )
  if (integration === null) return null
  const [, written = '', action = '', ending = ''] = integration
  const pattern: Pattern =
    ending === 'waitForTaskToken' ? 'callback' : ending === '' ? 'request-response' : 'sync'
  const service = SERVICES[ALIASES[written] ?? written]
  if (service === undefined) return { ...NOTHING, service: capital(written), pattern }
  const known = service.actions[action.toLowerCase()]
  if (known === undefined) return { ...NOTHING, service: service.prefix, pattern, isIdle: true }
  const { names, list } = known
  const isWaiting = pattern === 'sync' || action.toLowerCase() === 'startsyncexecution'
  return {
    service: service.prefix,
    // An execution that is waited for is its own end of the job.
    pattern: service.section === 'stateMachines' && isWaiting ? 'request-response' : pattern,
    section: service.section,
    named: namedIn(payload, names, list),
    argument: names,
    count: list === undefined ? 1 : lengthOf(payload, list),
    isEvent:
      service.section === 'stateMachines'
        ? !isWaiting
        : fieldOf(payload, 'InvocationType') === 'Event',
    isIdle: false,
  }
}

const NOTHING: Call = {
  service: '',
  pattern: 'request-response',
  section: null,
  named: undefined,
  argument: null,
  count: 1,
  isEvent: false,
  isIdle: false,
}

/** A function that `Resource` itself names. */
export function functionCall(named: string): Call {
  return {
    ...NOTHING,
    service: 'Lambda',
    section: 'functions',
    named,
    argument: 'Resource',
  }
}

/** The name at the end of an ARN or URL, without qualifier; of a function, the qualifier apart. */
export function lastPart(named: string, section: Section): { name: string; qualifier: string } {
  const lambda = /:function:([^:]+)(?::(.+))?$/.exec(named)
  if (lambda !== null) return { name: lambda[1]!, qualifier: lambda[2] ?? '' }
  if (section === 'functions' && !named.startsWith('arn:')) {
    const [name = '', qualifier = ''] = named.split(':')
    return { name, qualifier }
  }
  const name = named.split(/[/:]/).at(-1) ?? named
  return { name: name.replace(/\.fifo$/, ''), qualifier: '' }
}

function namedIn(payload: unknown, names: string, list: string | undefined): unknown {
  const [entry] = listIn(payload, list)
  const named = fieldOf(payload, names) ?? fieldOf(entry, names)
  if (named !== undefined) return names === 'FunctionName' ? qualified(named, payload) : named
  if (names === 'EventBusName') return 'default'
  const other = OTHER_NAMES[names]
  return other === undefined ? undefined : fieldOf(payload, other)
}

/** Arguments that name the same node in another way. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  StreamName: 'StreamARN',
  TopicArn: 'TargetArn',
}

/** A function with the alias or version that `Qualifier` names. */
function qualified(named: unknown, payload: unknown): unknown {
  const qualifier = fieldOf(payload, 'Qualifier')
  if (typeof named !== 'string' || typeof qualifier !== 'string') return named
  const isPlain = !named.includes('${') && lastPart(named, 'functions').qualifier === ''
  return isPlain ? `${named}:${qualifier}` : named
}

function listIn(payload: unknown, list: string | undefined): readonly unknown[] {
  const entries = list === undefined ? undefined : fieldOf(payload, list)
  return Array.isArray(entries) ? (entries as unknown[]) : []
}

function lengthOf(payload: unknown, list: string): number {
  return Math.max(1, listIn(payload, list).length)
}

function fieldOf(payload: unknown, key: string): unknown {
  if (payload === UNKNOWN) return UNKNOWN
  return isObject(payload) ? (payload as Fields)[key] : undefined
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`
}
