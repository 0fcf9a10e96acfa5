/** Functions on managed instances whose every moment can be worked out by hand. */

type Parts = Readonly<Record<string, unknown>>

export interface Managed {
  /** Keys of the function in place of those below, or beside them. */
  readonly settings?: Parts
  /** Of its capacityProviderConfig. */
  readonly use?: Parts
  readonly scaling?: Parts
  /** Of the capacity provider. */
  readonly fleet?: Parts
  readonly traffic?: Parts
  /** Of the scenario. */
  readonly more?: Parts
}

/** Three environments of 1 vCPU with two places each; a request takes one second, an init two. */
export function managed({ settings, use, scaling, fleet, traffic, more }: Managed = {}): Parts {
  return {
    name: 'managed',
    duration: '200s',
    metricsPeriod: '10s',
    account: { region: 'us-east-1' },
    capacityProviders: { fleet: fleet ?? {} },
    functions: {
      f: {
        runtime: 'nodejs22.x',
        architectures: 'arm64',
        memorySize: 2_048,
        timeout: '15m',
        handler: { duration: '1s' },
        coldStart: { init: '2s' },
        capacityProviderConfig: {
          capacityProvider: 'fleet',
          perExecutionEnvironmentMaxConcurrency: 2,
          ...use,
        },
        functionScalingConfig: scaling ?? {},
        ...settings,
      },
    },
    traffic: traffic ?? {},
    ...more,
  }
}
