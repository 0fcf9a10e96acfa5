/** Scenarios of one function whose handler calls downstreams, with nothing that blurs their times. */

/** What the handler does by itself; it makes its calls afterwards. */
export const OWN_TIME_MS = 10

export interface CallingFunction {
  readonly downstreams: Record<string, object>
  /** Default: one call of `db`. */
  readonly calls?: readonly object[]
  /** Keys of the function in place of those below, or beside them. */
  readonly settings?: object
  /** Default: one request a second, at 0.5 s, 1.5 s and so on. */
  readonly traffic?: object
  readonly duration?: string
  readonly [section: string]: unknown
}

export function callingFunction(options: CallingFunction): object {
  const { downstreams, calls = [{ downstream: 'db' }], settings = {}, ...others } = options
  const { traffic = { rate: '1/s' }, ...rest } = others
  return {
    name: 'downstreams',
    duration: '10s',
    account: { region: 'us-east-1', concurrentExecutions: 1000 },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '60s',
        handler: { duration: `${OWN_TIME_MS}ms`, calls },
        coldStart: 'none',
        keepAlive: { policy: 'fixed', idleTimeout: '1h' },
        scalingRate: 'unlimited',
        ...settings,
      },
    },
    downstreams,
    traffic: { web: { to: 'f', process: 'constant', ...traffic } },
    ...rest,
  }
}

/** So many requests, a millisecond apart from 0.5 ms on, and none after. */
export function several(count: number): object {
  return { stages: [{ for: `${count}ms`, rate: '1000/s' }] }
}
