/** What handlers called and waited for: its table, and what it refused or kept waiting. */
import type { Block, Row } from '../document.ts'
import { count, milliseconds, percent } from '../phrase.ts'
import { Reading } from './reading.ts'
import type { ResultIndex } from './result-index.ts'
import { shortName, shown, table } from './tables.ts'

const TOLD = 3

/** "1,203 of 5,000 calls (24%)". */
function shareOfCalls(reading: Reading, part: number): string {
  const calls = reading.sum('Calls')
  return `${count(part)} of ${count(calls)} calls (${percent(part / calls)})`
}

/** One row per downstream. Latencies are those of calls that succeeded. */
export function downstreamBlocks(index: ResultIndex): Block[] {
  const rows = index.names('downstream').map((name): Row => {
    const reading = new Reading(index, 'downstream', name)
    const calls = reading.sum('Calls')
    const refused = reading.sum('CallRefusals') + reading.sum('CallThrottles')
    const [failed, timedOut] = [reading.sum('CallFailures'), reading.sum('CallTimeouts')]
    const share = (part: number) => (calls === 0 ? '-' : percent(part / calls))
    const peak =
      reading.value('DatabaseConnections', 'maximum') ?? reading.value('CallsInService', 'maximum')
    return {
      tone: refused + failed + timedOut > 0 ? 'bad' : 'plain',
      cells: [
        shortName(name),
        count(calls),
        share(failed),
        share(refused),
        share(timedOut),
        shown(reading.value('CallLatency', 'p50'), milliseconds),
        shown(reading.value('CallLatency', 'p99'), milliseconds),
        shown(peak, count),
      ],
    }
  })
  const titles = ['downstream', 'calls', 'failed', 'refused', 'timed out', 'p50', 'p99', 'peak']
  return table('Downstreams', titles, rows)
}

/** What a downstream did to its callers, and what would have prevented it. */
interface Complaint {
  readonly tone: 'bad' | 'doubtful'
  readonly part: number
  readonly text: string
  readonly cure: string
}

/** Downstreams that refused calls or kept them waiting, the largest share first. */
export function downstreamVerdicts(index: ResultIndex): Block[] {
  const told = index.names('downstream').flatMap((name) => {
    const reading = new Reading(index, 'downstream', name)
    const calls = reading.sum('Calls')
    // What a cache passes on is told where it comes from.
    if (calls === 0 || reading.value('CacheMisses', 'sum') !== undefined) return []
    return complaints(reading).map((complaint) => ({ ...complaint, share: complaint.part / calls }))
  })
  told.sort((one, other) => other.share - one.share)
  return told.slice(0, TOLD).map(({ tone, text, cure }) => ({
    kind: 'verdict',
    tone,
    text,
    lines: [`It would have taken ${cure}`],
  }))
}

function complaints(reading: Reading): Complaint[] {
  const { name } = reading
  const path = `downstreams.${name}`
  const [refused, throttled] = [reading.sum('CallRefusals'), reading.sum('CallThrottles')]
  const borrowing = reading.sum('BorrowTimeouts')
  const isOfConnections = reading.value('DatabaseConnections', 'maximum') !== undefined
  const bulkhead = "its callers' reservedConcurrentExecutions as a bulkhead"
  const all: Complaint[] = []
  if (refused > 0) {
    all.push({
      tone: 'bad',
      part: refused,
      text: `${name} refused ${shareOfCalls(reading, refused)}: ${isOfConnections ? 'no connection was left' : 'its queue was full'}.`,
      cure: isOfConnections
        ? `a higher ${path}.maxConnections, connection: proxy, or ${bulkhead}.`
        : `more ${path}.servers, a longer queueCapacity, or ${bulkhead}.`,
    })
  }
  if (throttled > 0) {
    all.push({
      tone: 'bad',
      part: throttled,
      text: `${name} answered 429 to ${shareOfCalls(reading, throttled)}: they came faster than it allows.`,
      cure: `a higher ${path}.rate, a queue in front of its callers, or ${bulkhead}.`,
    })
  }
  if (borrowing > 0) {
    all.push({
      tone: 'bad',
      part: borrowing,
      text: `${name} failed ${shareOfCalls(reading, borrowing)} that waited too long for a connection of its proxy.`,
      cure: `a higher ${path}.maxConnections, less pinning, faster services, or ${bulkhead}.`,
    })
  }
  return [...all, ...waits(reading, bulkhead)]
}

/** Told when one call in a hundred waits longer than most are worked on. */
function waits(reading: Reading, bulkhead: string): Complaint[] {
  const borrowed = reading.value('DatabaseConnectionsBorrowLatency', 'p99') ?? 0
  const queued = reading.value('QueueTime', 'p99') ?? 0
  const worked = reading.value('ServiceTime', 'p50') ?? Number.POSITIVE_INFINITY
  const longest = Math.max(borrowed, queued)
  if (longest <= worked) return []
  const where = borrowed > queued ? 'for a connection' : 'in line'
  const more = borrowed > queued ? 'maxConnections' : 'servers'
  return [
    {
      tone: 'doubtful',
      part: 0,
      text: `Calls of ${reading.name} waited ${where}, one in a hundred longer than ${milliseconds(longest)}, and held their environments meanwhile; the service itself takes ${milliseconds(worked)} (p50).`,
      cure: `more downstreams.${reading.name}.${more}, fewer calls, or ${bulkhead}, which refuses earlier.`,
    },
  ]
}
