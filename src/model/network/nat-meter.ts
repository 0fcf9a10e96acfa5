import type { Recorder } from '../metrics/recorder.ts'
import type { CounterSeries, GaugeSeries } from '../metrics/series.ts'

/** The metrics of one NAT gateway, and its own count of what came. */
export class NatMeter {
  static readonly METRICS: readonly string[] = [
    'ActiveConnectionCount',
    'AllocatedPorts',
    'ConnectionAttemptCount',
    'ConnectionEstablishedCount',
    'ErrorPortAllocation',
    'IdleTimeoutCount',
    'BytesOutToDestination',
    'BytesInFromDestination',
    'BytesProcessed',
    'NatGatewayHours',
  ]

  attempted = 0
  established = 0
  refused = 0
  /** Bytes both ways. */
  processed = 0
  /** Connections that nobody has closed. */
  readonly active: GaugeSeries
  /** Ports taken, those of closed connections included. */
  readonly ports: GaugeSeries
  private readonly attempts: CounterSeries
  private readonly portErrors: CounterSeries
  private readonly idleTimeouts: CounterSeries
  private readonly establishments: CounterSeries
  private readonly bytesOut: CounterSeries
  private readonly bytesIn: CounterSeries
  private readonly bytes: CounterSeries

  constructor(recorder: Recorder, name: string) {
    const counter = (metric: string) => recorder.counter('network', name, metric)
    this.active = recorder.gauge('network', name, 'ActiveConnectionCount')
    this.ports = recorder.gauge('network', name, 'AllocatedPorts')
    this.attempts = counter('ConnectionAttemptCount')
    this.establishments = counter('ConnectionEstablishedCount')
    this.portErrors = counter('ErrorPortAllocation')
    this.idleTimeouts = counter('IdleTimeoutCount')
    this.bytesOut = counter('BytesOutToDestination')
    this.bytesIn = counter('BytesInFromDestination')
    this.bytes = counter('BytesProcessed')
  }

  /** A connection was attempted, and there was no port for it. */
  refuse(): void {
    this.attempted++
    this.refused++
    this.attempts.add(1)
    this.portErrors.add(1)
  }

  establish(): void {
    this.attempted++
    this.attempts.add(1)
    this.established++
    this.establishments.add(1)
    this.active.add(1)
    this.ports.add(1)
  }

  /** A connection that nobody had closed was given up. */
  expire(): void {
    this.active.add(-1)
    this.idleTimeouts.add(1)
  }

  send(bytes: number): void {
    this.processed += bytes
    this.bytesOut.add(bytes)
    this.bytes.add(bytes)
  }

  receive(bytes: number): void {
    this.processed += bytes
    this.bytesIn.add(bytes)
    this.bytes.add(bytes)
  }
}
