/**
 * State machines of tasks with exponential times, none of which waits for another: how long an
 * execution takes, and what the bill counts, have known means. In a row the times add up (Erlang's
 * distribution); side by side the longest counts, whose mean is the sum of 1/k for k up to the number
 * of branches.
 */
import { describe, it } from 'vitest'
import { replicate } from '../support/run.ts'
import { Claims } from './interval.ts'
import { EXPONENTIAL, oneFunction } from './one-function.ts'

const claims = new Claims('workflows')
const REPLICATIONS = 20
const BILLED_STEP_MS = 100

const TASK = { Type: 'Task', Resource: 'f' }

function scenario(machine: object, settings: object = {}): object {
  const { traffic: _, ...frame } = oneFunction({
    durationSeconds: 100,
    drain: true,
    concurrentExecutions: 10_000,
    service: EXPONENTIAL,
    settings,
    traffic: {},
  }) as { traffic: object }
  return {
    ...frame,
    stateMachines: { machine },
    traffic: { starts: { to: 'machine', rate: '100/s' } },
  }
}

function inARow(tasks: number, task: object = TASK): object {
  const entries = Array.from({ length: tasks }, (_, index) => [
    `S${index}`,
    { ...task, ...(index + 1 < tasks ? { Next: `S${index + 1}` } : { End: true }) },
  ])
  return { StartAt: 'S0', States: Object.fromEntries(entries) }
}

function sideBySide(branches: number): object {
  const branch = (index: number) => ({
    StartAt: `B${index}`,
    States: { [`B${index}`]: { ...TASK, End: true } },
  })
  const all = Array.from({ length: branches }, (_, index) => branch(index))
  return { StartAt: 'Fork', States: { Fork: { Type: 'Parallel', Branches: all, End: true } } }
}

/** The sum of P(T > t) over the steps of a bill, times their length: the mean of T rounded up. */
function roundedUpMs(exceeds: (seconds: number) => number): number {
  let sum = 0
  for (let step = 0; step < 1_000; step++) sum += exceeds((step * BILLED_STEP_MS) / 1_000)
  return sum * BILLED_STEP_MS
}

const erlang3 = (seconds: number) => Math.exp(-seconds) * (1 + seconds + (seconds * seconds) / 2)
const longestOf5 = (seconds: number) => 1 - (1 - Math.exp(-seconds)) ** 5

describe('A workflow of exponential tasks', () => {
  it('takes the sum of their times in a row, and is billed by it', async () => {
    const machine = { type: 'EXPRESS', definition: inARow(3) }
    const runs = await replicate(scenario(machine), REPLICATIONS, (view) => ({
      timeMs: view.value('machine.ExecutionTime.average'),
      billedMs:
        view.value('machine.ExpressExecutionBilledDuration.sum') /
        view.value('machine.ExecutionsStarted.sum'),
    }))
    claims.expectMean(
      runs.map(({ timeMs }) => timeMs),
      3_000,
    )
    claims.expectMean(
      runs.map(({ billedMs }) => billedMs),
      roundedUpMs(erlang3),
    )
  })

  it('takes the longest of their times side by side, and is billed by it', async () => {
    const machine = { type: 'EXPRESS', definition: sideBySide(5) }
    const runs = await replicate(scenario(machine), REPLICATIONS, (view) => ({
      timeMs: view.value('machine.ExecutionTime.average'),
      billedMs:
        view.value('machine.ExpressExecutionBilledDuration.sum') /
        view.value('machine.ExecutionsStarted.sum'),
    }))
    claims.expectMean(
      runs.map(({ timeMs }) => timeMs),
      1_000 * (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5),
    )
    claims.expectMean(
      runs.map(({ billedMs }) => billedMs),
      roundedUpMs(longestOf5),
    )
  })

  it('that fail now and then are tried again as often as chance says', async () => {
    const retried = {
      ...TASK,
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2 }],
    }
    const definition = inARow(1, retried)
    const share = 0.3
    const failing = scenario(
      { definition },
      { handler: { duration: EXPONENTIAL, errorRate: '30%' } },
    )
    const runs = await replicate(failing, REPLICATIONS, (view) => {
      const started = view.value('machine.ExecutionsStarted.sum')
      return {
        transitions: view.value('machine.StateTransitions.sum') / started,
        timeMs: view.value('machine.ExecutionTime.average'),
      }
    })
    const attempts = 1 + share + share ** 2 + share ** 3
    const waitsMs = 1_000 * (share + 2 * share ** 2 + 4 * share ** 3)
    claims.expectMean(
      runs.map(({ transitions }) => transitions),
      attempts,
    )
    claims.expectMean(
      runs.map(({ timeMs }) => timeMs),
      1_000 * attempts + waitsMs,
    )
  })
})
