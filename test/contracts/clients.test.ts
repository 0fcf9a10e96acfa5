/** What every listed retry mode and guard keeps, so that shared code need not know which it is. */
import { describe, expect, it } from 'vitest'
import { metricsOfClient } from '../../src/model/clients/caller-meter.ts'
import { GUARDS } from '../../src/model/clients/guards/index.ts'
import { RETRY_MODES } from '../../src/model/clients/retry-modes/index.ts'
import { clientSchema, clientSettings, retrySchema } from '../../src/model/clients/schema.ts'
import { metricEntry } from '../../src/model/metrics/catalogue.ts'
import { CLIENT_METRICS } from '../../src/model/metrics/catalogue-clients.ts'

/** The smallest configuration of each guard. */
const SMALLEST: Readonly<Record<string, object>> = {
  retryBudget: { share: '10%' },
  circuitBreaker: {},
  loadShedding: { maximumInFlight: 1 },
}

describe.each(RETRY_MODES.map((entry) => [entry.kind, entry] as const))(
  'mode %s',
  (kind, entry) => {
    it('needs no key but its name, and has a sentence for the reference', () => {
      expect(retrySchema.parse({ mode: kind }).mode).toBe(kind)
      expect(entry.summary).toMatch(/^[A-Z].*\.$/)
    })

    it('has waits and costs that make sense, or none at all', () => {
      const retry = retrySchema.parse({ mode: kind })
      const policy = clientSettings({}, retry)?.retry ?? null
      if (policy === null) {
        expect(kind).toBe('none')
        return
      }
      expect(policy.maxAttempts).toBeGreaterThan(1)
      for (const failure of ['throttling', 'timeout', 'other'] as const) {
        expect(policy.backOff.baseUs[failure]).toBeGreaterThan(0)
        if (policy.quota !== null) expect(policy.quota.costs[failure]).toBeGreaterThan(0)
      }
    })
  },
)

describe.each(GUARDS.map((entry) => [entry.key, entry] as const))('guard %s', (key, entry) => {
  it('is a key of a client, and refuses nothing at first', () => {
    const client = clientSchema.parse({ [key]: SMALLEST[key] })
    const [guard] = clientSettings(client)!.guards
    const own = guard!.create()
    expect(own.mayBegin?.(0, 0) ?? true).toBe(true)
    expect(own.mayAttempt?.(0) ?? true).toBe(true)
    expect(own.mayRetry?.(0) ?? true).toBe(true)
  })

  it('counts what it refuses by a metric of its own', () => {
    expect(metricEntry(entry.metric).scopes).toEqual(['traffic'])
    expect(GUARDS.filter(({ metric }) => metric === entry.metric)).toHaveLength(1)
  })
})

it('every metric of clients is one that some client has', () => {
  const guards = Object.fromEntries(GUARDS.map(({ key }) => [key, SMALLEST[key]]))
  const client = clientSchema.parse({ timeout: '1s', retry: { mode: 'standard' }, ...guards })
  const settings = clientSettings(client, client.retry)!
  expect([...metricsOfClient(settings)].sort()).toEqual(
    CLIENT_METRICS.map(({ name }) => name).sort(),
  )
})
