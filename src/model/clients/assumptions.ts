/** What a run takes for granted about its callers, each thing once. */
import type { Assumption } from '../compiled-scenario.ts'
import { retryMode } from './retry-modes/index.ts'
import { RETRY_BEHAVIOR, SDKS } from './retry-modes/keys.ts'
import { DEFAULT_SDK } from './retry-modes/sdk-schemes.ts'
import { type ClientConfig, clientSettings, type RetryConfig } from './schema.ts'

const MORE_INSTANCES = [10, 100]

/** The callers of one producer, as they are written. */
export interface WrittenClient {
  readonly name: string
  readonly client: ClientConfig
  readonly retry: RetryConfig | undefined
}

export function assumptionsOfClients(clients: readonly WrittenClient[]): readonly Assumption[] {
  const active = clients.filter(({ client, retry }) => clientSettings(client, retry) !== undefined)
  const retrying = active.filter(({ retry }) => retry !== undefined && retry.mode !== 'none')
  const sharing = active.filter(({ client }) => client.instances === undefined).filter(sharesState)
  const silent = retrying.filter(
    ({ retry }) => retryMode(retry!.mode).differsBySdk && retry!.sdk === undefined,
  )
  const written = silent.filter(({ client }) => client.retry !== undefined)
  const limited = retrying.filter(isRateLimited)
  const assumptions: (Assumption & { readonly of: readonly WrittenClient[] })[] = [
    {
      of: sharing,
      id: 'client-instances',
      statement: `All callers of a producer share one SDK client, with its quota, rate limiter and guards (${namesOf(sharing)}); \`client.instances\` says how many there are.`,
      confidence: 'assumed',
      source: 'traffic.NAME.client.instances is left out',
      alternatives: MORE_INSTANCES.map((instances) => ({
        label: `${instances} clients each`,
        set: Object.fromEntries(
          sharing.map(({ name }) => [`traffic.${name}.client.instances`, instances]),
        ),
      })),
    },
    {
      of: silent,
      id: 'retry-sdk',
      statement: `Callers use the ${DEFAULT_SDK} SDK, whose waits and quota differ from those of others (${namesOf(silent)}).`,
      confidence: 'assumed',
      source: 'traffic.NAME.client.retry.sdk is left out',
      alternatives: SDKS.filter((sdk) => sdk !== DEFAULT_SDK && written.length > 0).map((sdk) => ({
        label: `the ${sdk} SDK`,
        set: Object.fromEntries(
          written.map(({ name }) => [`traffic.${name}.client.retry.sdk`, sdk]),
        ),
      })),
    },
    {
      of: retrying,
      id: 'retried-attempts',
      statement:
        'Each attempt of a request draws its own service time and failure. A Retry-After that comes with a throttle is not heeded.',
      confidence: 'assumed',
      source: 'not documented by AWS: whether and with what value a throttle has one',
    },
    {
      of: limited,
      id: 'client-rate-limiter',
      statement:
        "Attempts that wait for the client's rate limiter go in their order, however many they are.",
      confidence: 'assumed',
      source: 'boto/botocore, retries/bucket.py: whichever thread wakes first',
    },
    {
      of: retrying,
      id: 'retried-failures',
      statement:
        'An SDK retries throttles and client timeouts. Function errors, crashes, function timeouts and failed inits come back with HTTP 200 and are retried only where `retryOn` says so.',
      confidence: 'documented',
      source: `Lambda API reference, Invoke; ${RETRY_BEHAVIOR}`,
    },
    {
      of: active.filter(({ client }) => client.timeout !== undefined),
      id: 'client-timeout',
      statement: 'A function whose caller has given up runs on, and is billed.',
      confidence: 'inferred',
      source: 'Lambda developer guide, "Invoke a Lambda function synchronously"',
    },
  ]
  return assumptions.flatMap(({ of, ...assumption }) => (of.length === 0 ? [] : [assumption]))
}

function namesOf(clients: readonly WrittenClient[]): string {
  return clients.map(({ name }) => name).join(', ')
}

/** Whether it matters how many clients there are. */
function sharesState({ client, retry }: WrittenClient): boolean {
  const settings = clientSettings(client, retry)
  if (settings === undefined) return false
  const { guards, retry: policy } = settings
  return guards.length > 0 || (policy !== null && (policy.quota !== null || policy.isRateLimited))
}

function isRateLimited({ client, retry }: WrittenClient): boolean {
  return clientSettings(client, retry)?.retry?.isRateLimited === true
}
