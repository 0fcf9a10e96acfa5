/** Scenarios of one function that reads one queue. */
import { type RunView, SECOND } from './run.ts'

export interface QueueWorkerParts {
  readonly duration?: string
  readonly handler?: object
  readonly worker?: object
  /** null: nobody reads the queue. */
  readonly event?: object | null
  readonly queues?: object
  readonly more?: object
}

/** `worker` reads `orders`, a second each; times are exact because nothing starts cold. */
export function queueWorker(parts: QueueWorkerParts): object {
  const { duration = '10m', handler, worker, event = {}, queues, more } = parts
  const events = { orders: { type: 'sqs', queue: 'orders', ...event } }
  return {
    name: 'queue',
    duration,
    account: { region: 'us-east-1', concurrentExecutions: 10_000 },
    functions: {
      worker: {
        runtime: 'nodejs22.x',
        memorySize: 512,
        timeout: '30s',
        handler: { duration: '1s', ...handler },
        coldStart: 'none',
        ...worker,
        ...(event === null ? {} : { events }),
      },
    },
    queues: { orders: {}, ...queues },
    ...more,
  }
}

/** A queue's or producer's outcomes; what entered is their sum, which every run checks. */
export function outcomesOf(view: RunView, name: string): Record<string, number> {
  const { entered: _, ...outcomes } = view.ledger(name)
  return outcomes
}

/** When each attempt came, in seconds. */
export function arrivalsOf(view: RunView): number[] {
  return view.attempts.map(({ arrivedUs }) => arrivedUs / SECOND)
}
