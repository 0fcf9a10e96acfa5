/** What explain says of executions before any run. */
import { expect, it } from 'vitest'
import { explainScenario } from '../../src/experiment/explanation.ts'
import type { MessagingScenario } from '../support/messaging.ts'
import { compileText } from '../support/run.ts'
import { workflow } from '../support/workflows.ts'

const DEFINITION = {
  StartAt: 'Work',
  States: {
    Work: { Type: 'Task', Resource: 'process', Next: 'All' },
    All: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'Each', States: { Each: { Type: 'Pass', End: true } } },
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
}
const STEADY = { process: 'constant', stages: [{ for: '1h', rate: '10/s' }] }

const explained = async (machine: object, others: MessagingScenario) =>
  explainScenario(await compileText(workflow({ definition: DEFINITION, ...machine }, others)))

it('counts schedules, starts and state transitions of state machines', async () => {
  const events = { tick: { type: 'schedule', schedule: 'rate(1 minute)' } }
  const machine = { items: { All: 4 }, events }
  const { functions, limits, producers } = await explained(machine, {
    traffic: { start: { to: 'machine', ...STEADY } },
  })
  const perSecond = 10 + 1 / 60
  expect(producers).toContainEqual(
    expect.objectContaining({ name: 'machine.tick', target: 'machine', requests: 59 }),
  )
  const rate = functions.find(({ name }) => name === 'process')!.peakRatePerSecond
  expect(rate).toBeCloseTo(perSecond, 9)
  const limit = (name: string) => limits.find((one) => one.limit === name)
  expect(limit('StartExecution')).toMatchObject({ allowed: 300, unit: 'starts/s' })
  expect(limit('StartExecution')!.demand).toBeCloseTo(perSecond, 9)
  // Three states, and four items of one.
  expect(limit('state transitions')!.demand).toBeCloseTo(7 * perSecond, 9)
  expect(limit('state transitions')).toMatchObject({ allowed: 5_000, effect: 'waits' })
})

it('expects the rows of their schedules, which thresholds may be on', async () => {
  const rows = async (events: object) => {
    const machine = { definition: DEFINITION, items: { All: 4 }, events }
    const given = workflow(machine, { traffic: { start: { to: 'machine', ...STEADY } } })
    return explainScenario(await compileText(given)).expectation
  }
  const without = await rows({})
  const ticking = await rows({ tick: { type: 'schedule', schedule: 'rate(1 minute)' } })
  // Two counters in each period.
  expect(ticking.metricRows - without.metricRows).toBe(2 * ticking.periods)
  const events = { tick: { type: 'schedule', schedule: 'rate(1 minute)' } }
  const thresholds = ['machine.tick.InvocationAttemptCount.sum >= 59']
  const { limits } = await explained({ items: { All: 4 }, events }, { thresholds })
  expect(limits.length).toBeGreaterThan(0)
})

it('holds no quota against executions that are waited for, nor transitions of Express', async () => {
  const machine = { type: 'EXPRESS', items: { All: 4 } }
  const way = { type: 'http-api', api: 'front', action: 'StartSyncExecution' }
  const { functions, limits } = await explained(
    { ...machine, events: { way } },
    {
      apis: { front: { protocol: 'http-api' } },
      traffic: {
        start: { to: 'machine', ...STEADY },
        waiting: { to: 'machine', action: 'StartSyncExecution', ...STEADY },
        web: { to: 'front', ...STEADY },
      },
    },
  )
  expect(functions.find(({ name }) => name === 'process')!.peakRatePerSecond).toBeCloseTo(30, 9)
  const found = limits.filter(({ unit }) => unit === 'starts/s' || unit === 'transitions/s')
  expect(found).toMatchObject([
    { limit: 'StartExecution of Express', demand: 10, allowed: 6_000, effect: 'is refused' },
  ])
})
