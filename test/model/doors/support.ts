/** A function behind a front door, and traffic to it. */
export interface Given {
  readonly handler?: object
  readonly settings?: object
  readonly api?: object
  readonly route?: object
  readonly traffic?: object
  readonly account?: object
  readonly more?: object
  /** Further events of the function, and further functions. */
  readonly events?: object
  readonly functions?: object
}

export function behind(protocol: string, given: Given = {}): object {
  const { handler, settings, api, route, traffic, account, more, events, functions } = given
  return {
    name: 'doors',
    duration: '10s',
    metricsPeriod: '1s',
    account: { region: 'us-east-1', ...account },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        timeout: '60s',
        handler: { duration: '100ms', ...handler },
        coldStart: 'none',
        events: { way: { type: protocol, api: 'shop', ...route }, ...events },
        ...settings,
      },
      ...functions,
    },
    apis: { shop: { protocol, ...api } },
    traffic: { web: { to: 'shop', process: 'constant', rate: '1/s', ...traffic } },
    ...more,
  }
}
