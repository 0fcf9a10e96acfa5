/** The scenario that all theory shares: one function, one producer, and nothing that blurs the law. */

export interface OneFunction {
  readonly durationSeconds: number
  readonly warmUpSeconds?: number
  /** Runs on until nothing is in flight. */
  readonly drain?: boolean
  /** Of the account. */
  readonly concurrentExecutions?: number
  /** The handler's duration as a scenario writes it. */
  readonly service: string | object
  /** Keys of the function in place of those below, or beside them. */
  readonly settings?: object
  /** Keys of the producer beside its target, such as its rate. */
  readonly traffic: object
}

/** Environments start at once and are kept; the account and the scaling rate have room. */
export function oneFunction(options: OneFunction): object {
  const { durationSeconds, warmUpSeconds = 0, drain = false, concurrentExecutions = 1000 } = options
  return {
    name: 'theory',
    duration: `${durationSeconds}s`,
    warmUp: `${warmUpSeconds}s`,
    // One period: nothing here reads the time series.
    metricsPeriod: `${durationSeconds}s`,
    drain,
    account: { region: 'us-east-1', concurrentExecutions },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '15m',
        handler: { duration: options.service },
        coldStart: 'none',
        keepAlive: { policy: 'fixed', idleTimeout: '10m' },
        scalingRate: 'unlimited',
        ...options.settings,
      },
    },
    traffic: { callers: { to: 'f', ...options.traffic } },
  }
}

/** Service times of 1 s on average. */
export const EXPONENTIAL = { exponential: { mean: '1s' } }
export const LOGNORMAL = { lognormal: { mean: '1s', sigma: 1 } }
export const CONSTANT = '1s'
