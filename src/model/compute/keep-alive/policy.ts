/** What the engine asks of a keep-alive policy. */
import type { Distribution } from '../../distributions/distribution.ts'

/** What a policy may know of its function and share with others. */
export interface KeepAliveContext {
  readonly memoryMb: number
  /** What a cold start takes on average before the handler runs, us. */
  readonly coldStartUs: number
  /** The run's thing of this name, made when it is first asked for. */
  shared(name: string, make: () => unknown): unknown
}

export interface KeepAliveSettings {
  /** Made once per run and function from the listed policy. */
  readonly create: (context: KeepAliveContext) => KeepAlivePolicy
  /** The policy's kind and options in words, for assumptions and explain. */
  readonly description: string
}

/** When idle environments are retired. All values are durations in us. */
export interface KeepAlivePolicy {
  /** Called once per environment; draws what the policy needs of it (idle timeout, lifetime). */
  admit(draw: KeepAliveDraw): EnvironmentLease
  /**
   * Called when the last busy environment of a function becomes idle: after how long without any
   * request all of them are retired at once. Left out: environments expire one by one only.
   */
  wholeFunctionIdleUs?(draw: KeepAliveDraw): number
  /** With it: the function was idle for so long, and a request has come. */
  learn?(idleUs: number): void
  /** With it: whether one environment is made ready again in this idle time. */
  prewarming?(): Prewarming | null
  /** Environments stay while there is memory. */
  readonly cache?: EnvironmentCache
}

/** One environment is made ready so long after the function became idle, and kept until then, us. */
export interface Prewarming {
  readonly afterUs: number
  readonly untilUs: number
}

/** Memory that environments of one function and of others share. */
export interface EnvironmentCache {
  readonly isExceeded: boolean
  created(): void
  retired(): void
  becameIdle(environment: number, nowUs: number, isIdle: IsIdleSince): void
  /** The idle environment that has to go; -1 where none is idle. */
  victim(isIdle: IsIdleSince): number
}

type IsIdleSince = (environment: number, sinceUs: number) => boolean

/** A draw that belongs to one environment, or to one idle spell of a function. */
export type KeepAliveDraw = (purpose: string, distribution: Distribution) => number

export interface EnvironmentLease {
  /** How long it may stay idle; Infinity for ever. */
  readonly idleTimeoutUs: number
  /** How long it may live at all, checked when idle; Infinity for ever. */
  readonly lifetimeUs: number
  /** Whether Lambda replaces it ahead of its end of life, so that no request meets the gap. */
  readonly replacedAhead: boolean
}
