/** A service with a number of servers and a waiting line in front of them: G/G/c/K. */
import { z } from 'zod'
import { createDistribution } from '../distributions/index.ts'
import type { LimitUse } from '../part.ts'
import type { World } from '../world.ts'
import { BaseDownstream } from './base.ts'
import { CALL_REFUSED } from './calls.ts'
import type { DownstreamEntry } from './downstream.ts'
import {
  contentionKey,
  errorRateKey,
  queueCapacityKey,
  type ServiceConfig,
  serversKey,
  serviceKey,
} from './keys.ts'
import { Service, type ServiceOptions } from './service.ts'

const schema = z.strictObject({
  type: z.literal('queueing-service'),
  service: serviceKey,
  servers: serversKey.meta({ description: 'How many calls it serves at once.' }),
  queueCapacity: queueCapacityKey.optional().meta({
    description: 'How many calls may wait beside those being served; more are refused.',
    defaultText: 'any number',
  }),
  contention: contentionKey.optional().meta({
    description: 'By how much the calls in service hold each other up; left out: not at all.',
  }),
  errorRate: errorRateKey,
})

type QueueingConfig = ServiceConfig & { readonly servers: number }

class QueueingService extends BaseDownstream {
  private readonly service: Service

  constructor(name: string, config: QueueingConfig, world: World) {
    super(name, config.errorRate, world)
    this.service = new Service(name, this.optionsOf(config), this, this.disturbances, world)
  }

  onServed(call: number): void {
    this.answer(call, this.servedOutcome(call))
  }

  limitUses(): readonly LimitUse[] {
    return this.service.limitUses()
  }

  reconfigure(config: unknown): void {
    const read = config as QueueingConfig
    this.setErrorRate(read.errorRate)
    this.service.reconfigure(this.optionsOf(read))
  }

  protected enter(call: number): void {
    if (!this.service.take(call)) this.answerSoon(call, CALL_REFUSED)
  }

  protected leave(call: number): boolean {
    return this.service.abandon(call)
  }

  private optionsOf({
    service,
    servers,
    queueCapacity,
    contention,
  }: QueueingConfig): ServiceOptions {
    return {
      path: this.path,
      duration: createDistribution(service),
      servers,
      queueCapacity: queueCapacity ?? Number.POSITIVE_INFINITY,
      contention: contention ?? null,
    }
  }
}

export const queueingService: DownstreamEntry<QueueingConfig> = {
  kind: 'queueing-service',
  summary:
    'A service that works on a number of calls at once and lets others wait, first come, first served.',
  schema,
  settable: ['servers', 'queueCapacity', 'errorRate'],
  assumptions: () => [
    {
      id: 'downstream-serves-on',
      statement:
        'A downstream works on a call to its end even when the caller does not wait any more; only what still waits in line is taken out.',
      confidence: 'assumed',
      source: 'servers rarely notice that a client has gone',
    },
  ],
  create: (name, config, world) => new QueueingService(name, config, world),
}
