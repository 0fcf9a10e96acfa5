/** Small scenarios about messages: one arrival, functions without cold starts. */
import { type RunView, SECOND } from './run.ts'

/** One arrival at 0.5 s; `batch` makes it several messages at one instant. */
export const ONCE = { process: 'constant', stages: [{ for: '1s', rate: '1/s' }] }
export const ARRIVED = SECOND / 2
export const MINUTE = 60 * SECOND

export interface MessagingScenario {
  readonly functions?: Record<string, object>
  readonly traffic?: Record<string, object>
  readonly [section: string]: unknown
}

/** Functions get what they need beside what is given; producers send once. */
export function messaging({ functions = {}, traffic = {}, ...others }: MessagingScenario): object {
  const complete = Object.entries(functions).map(([name, config]) => [
    name,
    {
      runtime: 'nodejs22.x',
      memorySize: 512,
      coldStart: 'none',
      keepAlive: { policy: 'fixed', idleTimeout: '1h' },
      handler: { duration: '100ms' },
      ...config,
    },
  ])
  const producers = Object.entries(traffic).map(([name, config]) => [name, { ...ONCE, ...config }])
  return {
    name: 'messaging',
    duration: '1h',
    account: { region: 'us-east-1' },
    functions: Object.fromEntries(complete),
    traffic: Object.fromEntries(producers),
    ...others,
  }
}

/** When each attempt at a function arrived, us. */
export function attemptTimes({ attempts }: RunView, functionName = 'work'): number[] {
  return attempts
    .filter((attempt) => attempt.functionName === functionName)
    .map(({ arrivedUs }) => arrivedUs)
    .sort((one, other) => one - other)
}
