import { createDistribution } from '../distributions/index.ts'
import type { LimitUse } from '../part.ts'
import type { World } from '../world.ts'
import { BaseDownstream } from './base.ts'
import { CALL_REFUSED } from './calls.ts'
import type { ServiceConfig } from './keys.ts'
import { Service, type ServiceOptions } from './service.ts'

/** A downstream that is a service and nothing else; a type says what it does before or after. */
export class ServedDownstream extends BaseDownstream {
  protected readonly service: Service

  constructor(name: string, config: ServiceConfig, world: World) {
    super(name, config.errorRate, world)
    this.service = new Service(name, serviceOptions(config), this, this.disturbances, world)
  }

  onServed(call: number): void {
    this.answer(call, this.servedOutcome(call))
  }

  limitUses(): readonly LimitUse[] {
    return this.service.limitUses()
  }

  reconfigure(config: unknown): void {
    const read = config as ServiceConfig
    this.setErrorRate(read.errorRate)
    this.service.reconfigure(serviceOptions(read))
  }

  protected enter(call: number): void {
    if (!this.service.take(call)) this.answerSoon(call, CALL_REFUSED)
  }

  protected leave(call: number): boolean {
    return this.service.abandon(call)
  }
}

/** Without a number of servers there is one for every call, without a capacity all may wait. */
export function serviceOptions({
  service,
  servers,
  queueCapacity,
  contention,
}: ServiceConfig): ServiceOptions {
  return {
    duration: createDistribution(service),
    servers: servers ?? Number.POSITIVE_INFINITY,
    queueCapacity: queueCapacity ?? Number.POSITIVE_INFINITY,
    contention: contention ?? null,
  }
}
