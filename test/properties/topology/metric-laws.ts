/** A run's metrics, its books and its attempts tell the same story. */
import { expect } from 'vitest'
import type { RunView } from '../../support/run.ts'
import type { Topology } from './scenario.ts'
import { booksOf, hasVerb, type Watched } from './watched.ts'

export function metricsAgreeWithBooks(scenario: Topology, { view, flows }: Watched): void {
  const totals = totalsOf(view)
  for (const { scope, name, entered, outcomes } of booksOf(view)) {
    const total = (metric: string) => totals.get(`${scope} ${name} ${metric}`) ?? 0
    const { deadLettered = 0, expired = 0, dropped = 0, deliveredToDestination = 0 } = outcomes
    if (scope === 'queue') {
      const atStart = scenario.initial.queues?.[name]?.messages ?? 0
      // Dead letters that are moved here enter unsent.
      const sent = flows.acceptedBy(`queues.${name}`)
      expect(total('NumberOfMessagesSent')).toBeGreaterThanOrEqual(sent)
      const most = hasVerb(scenario, 'redrive') ? entered - atStart : sent
      expect(total('NumberOfMessagesSent')).toBeLessThanOrEqual(most)
      expect(total('MessagesDeadLettered')).toBe(deadLettered)
      expect(total('MessagesExpired')).toBe(expired)
      expect(total('DeliveryLoss')).toBe(deadLettered + expired)
    }
    if (scope === 'function') {
      expect(total('AsyncEventsReceived')).toBe(entered)
      const lost = dropped + expired + deadLettered + deliveredToDestination
      expect(total('AsyncEventsDropped')).toBe(lost)
      expect(total('DeliveryLoss')).toBe(lost)
    }
    if (scope === 'stream' || scope === 'table') {
      expect(total('IncomingRecords')).toBe(flows.acceptedBy(`${scope}s.${name}`))
      // Records that lie unread past their time are only found at the end.
      const lost = dropped + deliveredToDestination
      expect(total('DeliveryLoss')).toBeGreaterThanOrEqual(lost)
      expect(total('DeliveryLoss')).toBeLessThanOrEqual(lost + expired)
    }
    if (scope === 'topic') {
      expect(total('NumberOfMessagesPublished')).toBe(flows.acceptedBy(`topics.${name}`))
      expect(total('NumberOfNotificationsDelivered')).toBe(outcomes.handedOn ?? 0)
    }
  }
}

/** Every call of a downstream or table ends once at most: badly, well, or not within the run. */
export function callsEndOnce({ downstreams, tables }: Topology, { view }: Watched): void {
  const totals = totalsOf(view)
  for (const name of Object.keys(downstreams)) {
    const total = (metric: string) => totals.get(`downstream ${name} ${metric}`) ?? 0
    const badEnds = ['CallFailures', 'CallThrottles', 'CallRefusals', 'CallTimeouts'].map(total)
    expect(badEnds.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(total('Calls'))
  }
  for (const name of Object.keys(tables)) {
    const total = (metric: string) => totals.get(`table ${name} ${metric}`) ?? 0
    const throttled = total('ReadThrottleEvents') + total('WriteThrottleEvents')
    expect(total('ThrottledRequests')).toBe(throttled)
    const badEnds = throttled + total('CallFailures')
    expect(badEnds).toBeLessThanOrEqual(total('Calls'))
  }
}

/** Every attempt is in a metric, and its parts are its latency. */
export function metricsAgreeWithAttempts({ functions }: Topology, { view }: Watched): void {
  const totals = totalsOf(view)
  for (const name of Object.keys(functions)) {
    const total = (metric: string) => totals.get(`function ${name} ${metric}`) ?? 0
    const rows = view.attempts.filter(({ functionName }) => functionName === name)
    const ran = rows.filter(({ outcome }) => outcome !== 'throttled')
    expect(total('Throttles')).toBe(rows.length - ran.length)
    expect(total('Errors')).toBe(ran.filter(({ outcome }) => outcome !== 'succeeded').length)
    expect(total('Invocations')).toBeGreaterThanOrEqual(ran.length)
  }
  const faulty = view.attempts.filter((row) => {
    const { waitUs, placementUs, initUs, durationUs, callUs, latencyUs } = row
    const parts = waitUs + placementUs + initUs + durationUs + callUs
    // Each part is a double of at most 2^40: their sum is right to 2^-10 us.
    const isSum = Math.abs(parts - latencyUs) <= 2 ** -10
    return !isSum || Math.min(waitUs, placementUs, initUs, durationUs, callUs) < 0
  })
  expect(faulty).toEqual([])
}

/** Sums over the whole run, warm-up included, by `scope name metric`. */
function totalsOf({ metrics }: RunView): Map<string, number> {
  const totals = new Map<string, number>()
  for (const { scope, name, metric, statistic, value } of metrics) {
    if (statistic !== 'sum') continue
    const key = `${scope} ${name} ${metric}`
    totals.set(key, (totals.get(key) ?? 0) + value)
  }
  return totals
}
