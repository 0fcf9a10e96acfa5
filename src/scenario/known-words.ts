/**
 * Words that people bring from other tools, and words that belong to parts of Spillway that do
 * not exist yet. Both make a message about an unknown key helpful.
 */
import type { PathSegment } from './diagnostics.ts'

/**
 * Spellings of SAM, CDK, Terraform, the Serverless Framework and CloudFormation, without case,
 * `_` and `-`. A suggestion is made only where its key is known.
 */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  memory: ['memorySize'],
  memorymb: ['memorySize'],
  memoryinmb: ['memorySize'],
  memorysizeinmb: ['memorySize'],
  mem: ['memorySize'],
  reservedconcurrency: ['reservedConcurrentExecutions'],
  reserved: ['reservedConcurrentExecutions'],
  maxconcurrency: ['reservedConcurrentExecutions', 'concurrentExecutions', 'scalingConfig'],
  provisionedconcurrency: ['provisionedConcurrentExecutions'],
  provisioned: ['provisionedConcurrentExecutions'],
  provisionedconcurrencyconfig: ['provisionedConcurrentExecutions'],
  concurrency: ['concurrentExecutions', 'reservedConcurrentExecutions'],
  concurrencylimit: ['concurrentExecutions', 'reservedConcurrentExecutions'],
  accountconcurrency: ['concurrentExecutions'],
  concurrentlimit: ['concurrentExecutions'],
  limit: ['concurrentExecutions'],
  timeoutinseconds: ['timeout'],
  timeoutseconds: ['timeout'],
  architecture: ['architectures'],
  arch: ['architectures'],
  package: ['packageType'],
  coldstarts: ['coldStart'],
  initduration: ['init'],
  idle: ['idleTimeout'],
  idlettl: ['idleTimeout'],
  keepwarm: ['keepAlive'],
  ttl: ['idleTimeout', 'keepAlive'],
  maxlifetime: ['lifetime'],
  errors: ['errorRate', 'failures'],
  errorprobability: ['errorRate'],
  failurerate: ['errorRate'],
  oom: ['outOfMemory'],
  latency: ['duration'],
  servicetime: ['duration'],
  time: ['duration', 'at'],
  simulationtime: ['duration'],
  length: ['duration'],
  warmup: ['warmUp'],
  rampup: ['rampTo'],
  target: ['to', 'rampTo'],
  function: ['to'],
  functionname: ['to'],
  arrivalrate: ['rate'],
  rps: ['rate'],
  requestspersecond: ['rate'],
  type: ['process', 'policy'],
  kind: ['process', 'policy'],
  executor: ['process'],
  timeoutinmillis: ['integrationTimeout'],
  throttlingratelimit: ['rate'],
  ratelimit: ['rate', 'throttle'],
  throttlingburstlimit: ['burst'],
  burstlimit: ['burst'],
  authorizerresultttlinseconds: ['authorizerResultTtl'],
  reauthorizeevery: ['authorizerResultTtl'],
  functionarn: ['function'],
  restapiid: ['api'],
  apiid: ['api'],
  filtercriteria: ['filter'],
  filterpatterns: ['filter'],
  maximumrecordageinseconds: ['maximumRecordAge'],
  maxrecordage: ['maximumRecordAge'],
  tumblingwindowinseconds: ['tumblingWindow'],
  visibilitytimeoutinseconds: ['visibilityTimeout'],
  visibilitytimeoutseconds: ['visibilityTimeout'],
  maximumconcurrency: ['scalingConfig', 'maximumConcurrency'],
  reportbatchitemfailures: ['functionResponseTypes'],
  bisectbatchonerror: ['bisectBatchOnFunctionError'],
  retryattempts: ['maximumRetryAttempts'],
  onfailure: ['destinationConfig', 'onFailure'],
  targetarn: ['deadLetterTarget'],
  deadlettertargetarn: ['deadLetterTarget'],
  eventsourcearn: ['queue', 'stream', 'table', 'topic', 'bus', 'bucket'],
  arn: ['queue', 'stream', 'table', 'topic', 'bus', 'bucket'],
  filterpolicy: ['filter'],
  pattern: ['filter'],
  queuename: ['queue'],
  deadletterqueue: ['redrivePolicy', 'deadLetterTarget'],
  dlq: ['redrivePolicy', 'deadLetterTarget', 'deadLetterConfig'],
  maxreceives: ['maxReceiveCount'],
  maxbatchingwindow: ['maximumBatchingWindow'],
  maximumbatchingwindowinseconds: ['maximumBatchingWindow'],
  batchwindow: ['maximumBatchingWindow'],
  retentionperiod: ['messageRetentionPeriod', 'retentionPeriod'],
  bisect: ['bisectBatchOnFunctionError'],
  retries: ['maximumRetryAttempts'],
  maximumretryattempts: ['maximumRetryAttempts'],
  maximumeventageinseconds: ['maximumEventAge'],
  fifo: ['fifoQueue'],
  shards: ['shardCount'],
  delayseconds: ['delay'],
  cron: ['schedule'],
  scheduleexpression: ['schedule'],
  messages: ['batch'],
  arrivals: ['traffic'],
  load: ['traffic'],
  workload: ['traffic'],
  producers: ['traffic'],
  lambdas: ['functions'],
  resources: ['functions'],
  events: ['events', 'timeline'],
  startat: ['startsAt'],
  start: ['startsAt'],
  period: ['metricsPeriod'],
  interval: ['metricsPeriod'],
  version: ['functionVersion'],
  weights: ['routingConfig'],
  additionalversionweights: ['routingConfig'],
  deploymentpreference: ['strategy'],
  phases: ['stages'],
  steps: ['stages'],
  file: ['trace'],
  vus: ['users'],
  vpc: ['vpcConfig', 'vpcs', 'vpcId'],
  subnets: ['subnetIds'],
  securitygroups: ['securityGroupIds'],
  network: ['vpcs'],
  networks: ['vpcs'],
  capacityproviderarn: ['capacityProvider'],
  lambdamanagedinstancescapacityproviderconfig: ['capacityProvider'],
  managedinstances: ['capacityProviderConfig', 'capacityProviders'],
  averagecpuutilization: ['scalingPolicies', 'capacityProviderScalingConfig'],
  natgateway: ['natGateway', 'natGateways'],
  nat: ['natGateway', 'natGateways'],
  cidr: ['cidrBlock'],
  region: ['network'],
  roundtrip: ['network', 'roundTrip'],
}

/** The key that a word of another tool, or of another case, stands for at this place. */
export function synonymOf(word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replace(/[_-]/g, '')
  const sameLetters = known.find((key) => key.toLowerCase() === plain)
  const meant = Object.hasOwn(SYNONYMS, plain) ? SYNONYMS[plain] : undefined
  return sameLetters ?? meant?.find((key) => known.includes(key))
}

const VALUE_SYNONYMS: Readonly<Record<string, string>> = {
  lru: 'least-recently-used',
  fifo: 'least-recently-used',
  mru: 'most-recently-used',
  lifo: 'most-recently-used',
  x86: 'x86_64',
  x64: 'x86_64',
  amd64: 'x86_64',
  arm: 'arm64',
  aarch64: 'arm64',
  graviton: 'arm64',
  container: 'Image',
  docker: 'Image',
}

/**
 * The value that a word of another tool stands for, where it is known: a synonym, or the only
 * value with the same number that begins with the same letters (`node22` for `nodejs22.x`).
 */
export function valueSynonymOf(word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase()
  const synonym = Object.hasOwn(VALUE_SYNONYMS, plain) ? VALUE_SYNONYMS[plain] : undefined
  if (synonym !== undefined && known.includes(synonym)) return synonym
  const letters = /^[a-z]+/.exec(plain)?.[0]
  const digits = digitsOf(plain)
  if (letters === undefined || digits === '') return undefined
  const alike = known.filter((value) => value.startsWith(letters) && digitsOf(value) === digits)
  return alike.length === 1 ? alike[0] : undefined
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '')
}

/** Keys of the design that no code stands behind yet, by place; `*` is any name or index. */
const NOT_YET: readonly { readonly at: string; readonly keys: readonly string[] }[] = [
  {
    at: 'functions.*',
    keys: ['durableConfig'],
  },
  { at: 'timeline.*', keys: ['throttle', 'fail'] },
]

/** The first key of a path that is part of the design but has no code behind it yet. */
export function notYetSupportedIn(path: readonly PathSegment[]): string | undefined {
  const index = path.findIndex((_, last) => isNotYetSupported(path.slice(0, last + 1)))
  return index < 0 ? undefined : String(path[index])
}

/** Whether a key is part of the design at that place but has no code behind it yet. */
export function isNotYetSupported(path: readonly PathSegment[]): boolean {
  const parent = path.slice(0, -1).map(String)
  const key = String(path[path.length - 1])
  return NOT_YET.some(({ at, keys }) => {
    const pattern = at.split('.')
    return (
      pattern.length === parent.length &&
      pattern.every((segment, index) => segment === '*' || segment === parent[index]) &&
      keys.includes(key.split('.')[0] ?? key)
    )
  })
}
