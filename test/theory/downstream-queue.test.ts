/** Queues at a downstream: M/M/c, M/M/c/K and M/G/1 with the handlers' calls as customers. */
import { describe, expect, it } from 'vitest'
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import type { Downstream } from '../../src/model/downstream/downstream.ts'
import type { World } from '../../src/model/world.ts'
import {
  erlangC,
  finiteQueueMMcK,
  meanWaitMG1,
  meanWaitMMc,
} from '../../src/stats/queueing-theory.ts'
import { replicate, SECOND } from '../support/run.ts'
import { Claims, RARE_PRECISION } from './interval.ts'
import { EXPONENTIAL, LOGNORMAL, oneFunction } from './one-function.ts'

const claims = new Claims('queue downstream')

const WARM_UP_SECONDS = 700

interface Station {
  readonly servers: number
  /** In erlangs, and in calls a second as the service takes one. */
  readonly load: number
  readonly service?: object
  readonly queueCapacity?: number
  readonly seconds: number
}

/**
 * Calls come as the requests do, Poisson, for the handler's own time is the same for all. The
 * warm-up is long against the relaxation time (1 + sqrt(rho))^2 / (1 - rho)^2 / c services of the
 * slowest queue here, 34 s, of which less than exp(-20) is left.
 */
function station({ servers, load, service = EXPONENTIAL, queueCapacity, seconds }: Station) {
  const scenario = oneFunction({
    durationSeconds: WARM_UP_SECONDS + seconds,
    warmUpSeconds: WARM_UP_SECONDS,
    concurrentExecutions: 100_000,
    service: '1ms',
    settings: { handler: { duration: '1ms', calls: [{ downstream: 'db' }] } },
    traffic: { rate: `${load}/s` },
  })
  const capacity = queueCapacity === undefined ? {} : { queueCapacity }
  const db = { type: 'queueing-service', servers, service, ...capacity }
  return { ...scenario, downstreams: { db } }
}

/** Counts which calls find all servers busy, after the warm-up. */
class Waits {
  private calls = 0
  private waits = 0
  private readonly servers: number

  constructor(servers: number) {
    this.servers = servers
  }

  get share(): number {
    return this.waits / this.calls
  }

  watch(compiled: CompiledScenario): CompiledScenario {
    this.calls = 0
    this.waits = 0
    const parts = compiled.parts.map((part) => {
      if (part.path !== 'downstreams.db') return part
      return {
        ...part,
        create: (world: World) => {
          const db = part.create(world) as Downstream & { readonly service: { busy: number } }
          const begin = db.begin.bind(db)
          db.begin = (call) => {
            if (world.simulator.nowUs >= WARM_UP_SECONDS * SECOND) {
              this.calls++
              if (db.service.busy >= this.servers) this.waits++
            }
            begin(call)
          }
          return db
        },
      }
    })
    return { ...compiled, parts }
  }
}

describe('E45: calls wait as M/M/c says', () => {
  it.each([
    { servers: 1, load: 0.5, seconds: 150_000, replications: 30, waiting: 0.5, wait: 1.0 },
    { servers: 10, load: 7, seconds: 110_000, replications: 40, waiting: 0.2217, wait: 0.0739 },
  ])(
    '$servers servers with $load erlangs',
    async ({ servers, load, seconds, replications, waiting, wait }) => {
      // The reference gives four digits of what the formulas say.
      expect(erlangC(servers, load)).toBeCloseTo(waiting, 4)
      expect(meanWaitMMc(servers, load, 1)).toBeCloseTo(wait, 4)
      const waits = new Waits(servers)
      const runs = await replicate(
        station({ servers, load, seconds }),
        replications,
        (view) => ({ mean: view.value('db.QueueTime.average') / 1_000, share: waits.share }),
        { adjust: (compiled) => waits.watch(compiled) },
      )
      claims.expectMean(
        runs.map(({ mean }) => mean),
        meanWaitMMc(servers, load, 1),
      )
      claims.expectMean(
        runs.map(({ share }) => share),
        erlangC(servers, load),
      )
      // Waits of many servers are rare and come together: it takes 31 million calls.
    },
    400_000,
  )

  it.each([
    [1, 0.9, 0.9, 9.0],
    [10, 9, 0.6687, 0.6687],
    [100, 90, 0.2169, 0.0217],
  ])(
    'the formulas give what is published for %i servers with %d erlangs',
    (servers, load, waiting, wait) => {
      expect(erlangC(servers, load)).toBeCloseTo(waiting, 4)
      expect(meanWaitMMc(servers, load, 1)).toBeCloseTo(wait, 4)
    },
  )
})

it('a full queue loses what M/M/c/K says, and its servers are as busy', async () => {
  const known = finiteQueueMMcK(4, 4 + 3, 4)
  const runs = await replicate(
    station({ servers: 4, load: 4, queueCapacity: 3, seconds: 8_000 }),
    30,
    (view) => ({
      refused: view.value('db.CallRefusals.share'),
      busy: view.value('db.CallsInService.average'),
      waiting: view.value('db.QueueLength.average'),
    }),
  )
  claims.expectMean(
    runs.map(({ refused }) => refused),
    known.blocking,
    { precision: RARE_PRECISION },
  )
  claims.expectMean(
    runs.map(({ busy }) => busy),
    known.meanBusy,
  )
  claims.expectMean(
    runs.map(({ waiting }) => waiting),
    known.meanQueue,
    { precision: RARE_PRECISION },
  )
})

it('one server makes calls wait as Pollaczek and Khinchine say, lognormal service', async () => {
  const waits = await replicate(
    station({ servers: 1, load: 0.5, service: LOGNORMAL, seconds: 400_000 }),
    40,
    (view) => view.value('db.QueueTime.average') / 1_000,
  )
  // The variance of a lognormal with sigma 1 is (e - 1) times its squared mean.
  claims.expectMean(waits, meanWaitMG1(0.5, 1, Math.E - 1))
})
