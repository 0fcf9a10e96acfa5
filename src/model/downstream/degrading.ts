/** A service that takes every call at once and gets slower the more it works on. */
import { z } from 'zod'
import { createDistribution } from '../distributions/index.ts'
import type { World } from '../world.ts'
import { BaseDownstream } from './base.ts'
import type { DownstreamEntry } from './downstream.ts'
import { contentionKey, errorRateKey, type ServiceConfig, serviceKey } from './keys.ts'
import { type Contention, Service, type ServiceOptions } from './service.ts'

const schema = z.strictObject({
  type: z.literal('degrading'),
  service: serviceKey,
  contention: contentionKey.meta({
    description: 'By how much the calls in service hold each other up.',
  }),
  errorRate: errorRateKey,
})

type DegradingConfig = ServiceConfig & { readonly contention: Contention }

class Degrading extends BaseDownstream {
  private readonly service: Service

  constructor(name: string, config: DegradingConfig, world: World) {
    super(name, config.errorRate, world)
    this.service = new Service(name, this.optionsOf(config), this, this.disturbances, world)
  }

  onServed(call: number): void {
    this.answer(call, this.servedOutcome(call))
  }

  reconfigure(config: unknown): void {
    const read = config as DegradingConfig
    this.setErrorRate(read.errorRate)
    this.service.reconfigure(this.optionsOf(read))
  }

  protected enter(call: number): void {
    this.service.take(call)
  }

  protected leave(call: number): boolean {
    return this.service.abandon(call)
  }

  private optionsOf({ service, contention }: DegradingConfig): ServiceOptions {
    return {
      path: this.path,
      duration: createDistribution(service),
      servers: Number.POSITIVE_INFINITY,
      queueCapacity: 0,
      contention,
    }
  }
}

export const degrading: DownstreamEntry<DegradingConfig> = {
  kind: 'degrading',
  summary: 'A service that takes every call at once and gets slower the more it works on.',
  schema,
  settable: ['contention.sigma', 'contention.kappa', 'errorRate'],
  assumptions: () => [
    {
      id: 'downstream-contention',
      statement:
        'By how much others slow a call down is fixed when its service begins, by the universal scalability law.',
      confidence: 'assumed',
      source: 'N. J. Gunther, "Guerrilla Capacity Planning" (2007), chapter 4',
    },
  ],
  create: (name, config, world) => new Degrading(name, config, world),
}
