/**
 * What a price list needs to know of a door, over the whole run, in whole numbers. Quantities only:
 * which of them cost money, and how much, a price list says.
 *
 * - API Gateway: `requests` without `refused` (those over a limit or denied by an authorizer are
 *   free); HTTP APIs by `increments` of 512 KB, WebSocket APIs by `increments` of 32 KB and by
 *   the time of their connections.
 * - Load balancers: in each hour the largest of the four dimensions of an LCU.
 *
 * Sources: Amazon API Gateway pricing and Elastic Load Balancing pricing.
 */
import { MICROSECONDS_PER_HOUR } from '../../kernel/time.ts'

/** Of one hour of the run, from its start. */
export interface LoadBalancerHour {
  readonly newConnections: number
  /** Time of all connections, us: each lasts as long as its request. */
  readonly connectionUs: number
  readonly processedBytes: number
  readonly ruleEvaluations: number
}

export interface DoorUsage {
  /** `rest-api`, `alb`, ... */
  readonly protocol: string
  readonly requests: number
  /** Of these: over a limit of the door, too large for it, or not authorized. */
  readonly refused: number
  /** Of those not refused: each counts once for every started increment of its payload. */
  readonly increments: number
  /** Time of all WebSocket connections, us. */
  readonly connectionUs: number
  readonly processedBytes: number
  /** Empty of other doors than load balancers. */
  readonly loadBalancerHours: readonly LoadBalancerHour[]
}

/** What a price list counts in. */
export interface UsageRules {
  /** How often a request counts with payloads of this size, bytes; left out: once. */
  readonly increments?: (requestBytes: number, responseBytes: number) => number
  /** Rules that each request is held against, without those that are free; left out: no hours. */
  readonly evaluationsPerRequest?: number
}

export class UsageMeter {
  private readonly protocol: string
  private readonly rules: UsageRules
  private requests = 0
  private refused = 0
  private answered = 0
  private increments = 0
  private processedBytes = 0
  /** Connections that are open, and the time of all of them until `sinceUs`. */
  private open = 0
  private openUs = 0
  private sinceUs = 0
  private readonly hours: { requests: number; bytes: number; busyUs: number }[] = []

  constructor(protocol: string, rules: UsageRules) {
    this.protocol = protocol
    this.rules = rules
  }

  begin(nowUs: number): void {
    this.requests++
    if (this.rules.evaluationsPerRequest !== undefined) this.hourAt(nowUs).requests++
  }

  /** It is answered after so long in the door, which may not have let it in. */
  end(
    isRefused: boolean,
    requestBytes: number,
    responseBytes: number,
    lengthUs: number,
    nowUs: number,
  ): void {
    if (isRefused) {
      this.refused++
      return
    }
    this.answered++
    this.increments += this.rules.increments?.(requestBytes, responseBytes) ?? 1
    this.processedBytes += requestBytes + responseBytes
    if (this.rules.evaluationsPerRequest === undefined) return
    const hour = this.hourAt(nowUs)
    hour.bytes += requestBytes + responseBytes
    hour.busyUs += Math.round(lengthUs)
  }

  connections(change: number, nowUs: number): void {
    this.openUs += this.open * (nowUs - this.sinceUs)
    this.sinceUs = nowUs
    this.open += change
  }

  /** Requests that are still in the door count once. */
  read(nowUs: number): DoorUsage {
    const { answered, protocol, processedBytes, refused, requests } = this
    this.connections(0, nowUs)
    const { evaluationsPerRequest = 0 } = this.rules
    return {
      protocol,
      requests,
      refused,
      increments: this.increments + requests - refused - answered,
      connectionUs: this.openUs,
      processedBytes,
      loadBalancerHours: this.hours.map((hour) => ({
        newConnections: hour.requests,
        connectionUs: hour.busyUs,
        processedBytes: hour.bytes,
        ruleEvaluations: hour.requests * evaluationsPerRequest,
      })),
    }
  }

  private hourAt(nowUs: number) {
    const index = Math.floor(nowUs / MICROSECONDS_PER_HOUR)
    while (this.hours.length <= index) this.hours.push({ requests: 0, bytes: 0, busyUs: 0 })
    return this.hours[index]!
  }
}
