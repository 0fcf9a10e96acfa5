/**
 * How often a request meets no warm environment under a fixed idle timeout, and how many
 * environments are kept: exact for one environment and for the most recently used first.
 */
import { describe, it } from 'vitest'
import { replicate } from '../support/run.ts'
import { Claims, RARE_PRECISION } from './interval.ts'
import { warmPool } from './known-answers.ts'
import { CONSTANT, EXPONENTIAL, oneFunction } from './one-function.ts'

const claims = new Claims('cold starts')

interface Pool {
  readonly rate: number
  readonly service: string | object
  readonly idleTimeoutSeconds: number
  readonly settings?: object
  readonly seconds: number
}

/** The warm-up is five idle timeouts long. */
function scenarioOf({ rate, service, idleTimeoutSeconds, settings = {}, seconds }: Pool): object {
  const warmUpSeconds = 5 * idleTimeoutSeconds
  return oneFunction({
    durationSeconds: warmUpSeconds + seconds,
    warmUpSeconds,
    service,
    settings: {
      keepAlive: { policy: 'fixed', idleTimeout: `${idleTimeoutSeconds}s` },
      ...settings,
    },
    traffic: { rate: `${rate}/s` },
  })
}

describe('One environment at most: reserved concurrency 1', () => {
  // Requests that find it busy are refused. After each service the time to the next request is
  // exponential again, whatever the service was, so of those served exp(-rate x timeout) are cold.
  it.each([
    { name: 'exponential service', service: EXPONENTIAL, coldStart: 'none', timeout: 100 },
    { name: 'constant service', service: CONSTANT, coldStart: 'none', timeout: 100 },
    {
      name: 'cold starts longer than the service',
      service: CONSTANT,
      coldStart: { placement: '2s', init: '4s', firstInvocation: '1s' },
      timeout: 100,
    },
    { name: 'twice the timeout', service: CONSTANT, coldStart: 'none', timeout: 200 },
  ])('a served request is cold with probability exp(-rate x timeout): $name', async (given) => {
    const { service, coldStart, timeout } = given
    const scenario = scenarioOf({
      rate: 0.01,
      service,
      idleTimeoutSeconds: timeout,
      settings: { coldStart, reservedConcurrentExecutions: 1 },
      seconds: 8_000 * timeout,
    })
    const shares = await replicate(scenario, 30, (view) => view.value('f.ColdStarts.share'))
    claims.expectMean(shares, Math.exp(-0.01 * timeout))
  })
})

describe('Any number of environments, the most recently used first, exponential service', () => {
  // The environments are the largest concurrency of the last idle timeout (known-answers.ts).
  it.each([
    { name: 'a rare function', rate: 0.01, timeout: 300, seconds: 2_500_000 },
    { name: 'some overlap', rate: 0.5, timeout: 60, seconds: 60_000 },
  ])('cold starts and environments are those of the theory: $name', async (given) => {
    const { rate, timeout, seconds } = given
    const scenario = scenarioOf({
      rate,
      service: EXPONENTIAL,
      idleTimeoutSeconds: timeout,
      seconds,
    })
    const runs = await replicate(scenario, 20, (view) => ({
      share: view.value('f.ColdStarts.share'),
      environments: view.value('f.ExecutionEnvironments.average'),
    }))
    const known = warmPool(rate, 1, timeout)
    claims.expectMean(
      runs.map(({ share }) => share),
      known.coldStartProbability,
      { precision: RARE_PRECISION },
    )
    claims.expectMean(
      runs.map(({ environments }) => environments),
      known.meanEnvironments,
    )
  })
})
