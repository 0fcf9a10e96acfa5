/** The instances of one capacity provider, and which of them an environment runs on. */
import { invariant } from '../../../kernel/invariant.ts'
import type { InstanceType } from './instance-types.ts'

/** What one environment takes of an instance. */
export interface EnvironmentSize {
  readonly vCpus: number
  readonly memoryMb: number
}

interface Instance {
  freeVCpus: number
  freeMemoryMb: number
  environments: number
  readonly readyAtUs: number
}

/**
 * Instances of one type. An environment comes to the running one with the most free vCPUs, which
 * spreads them over Availability Zones, or else to one that is being launched; an instance without
 * environments is given up, down to a minimum. How Lambda places environments is not documented.
 */
export class Fleet {
  readonly type: InstanceType
  /** vCPUs of all instances at most. */
  maximumVCpus: number
  /** vCPUs of environments, also of those that are being started. */
  allocatedVCpus = 0
  launched = 0
  private readonly minimum: number
  private readonly instances = new Map<number, Instance>()

  constructor(type: InstanceType, maximumVCpus: number, minimum: number) {
    this.type = type
    this.maximumVCpus = maximumVCpus
    this.minimum = minimum
  }

  get size(): number {
    return this.instances.size
  }

  get vCpus(): number {
    return this.size * this.type.vCpus
  }

  get mayLaunch(): boolean {
    return this.vCpus + this.type.vCpus <= this.maximumVCpus
  }

  launch(readyAtUs: number): void {
    const { vCpus, memoryMb } = this.type
    this.instances.set(this.launched++, {
      freeVCpus: vCpus,
      freeMemoryMb: memoryMb,
      environments: 0,
      readyAtUs,
    })
  }

  /** Takes room for an environment of this size; returns its instance, undefined where none has room. */
  place(size: EnvironmentSize, nowUs: number): number | undefined {
    const identifier =
      this.roomiest(size, ({ readyAtUs }) => readyAtUs <= nowUs) ??
      this.roomiest(size, ({ readyAtUs }) => readyAtUs > nowUs)
    if (identifier === undefined) return undefined
    const instance = this.instances.get(identifier)!
    instance.freeVCpus -= size.vCpus
    instance.freeMemoryMb -= size.memoryMb
    instance.environments++
    this.allocatedVCpus += size.vCpus
    return identifier
  }

  readyAtUs(instance: number): number {
    return this.instances.get(instance)!.readyAtUs
  }

  environmentsOn(instance: number): number {
    return this.instances.get(instance)!.environments
  }

  /** An environment is gone. */
  vacate(identifier: number, size: EnvironmentSize): void {
    const instance = this.instances.get(identifier)
    invariant(instance !== undefined, () => `there is no instance ${identifier}`)
    instance.freeVCpus += size.vCpus
    instance.freeMemoryMb += size.memoryMb
    instance.environments--
    this.allocatedVCpus -= size.vCpus
    if (instance.environments === 0 && this.size > this.minimum) this.instances.delete(identifier)
  }

  private roomiest(
    { vCpus, memoryMb }: EnvironmentSize,
    holds: (instance: Instance) => boolean,
  ): number | undefined {
    let best: number | undefined
    let most = 0
    for (const [identifier, instance] of this.instances) {
      const { freeVCpus, freeMemoryMb } = instance
      if (freeVCpus < vCpus || freeMemoryMb < memoryMb || freeVCpus <= most) continue
      if (!holds(instance)) continue
      best = identifier
      most = freeVCpus
    }
    return best
  }
}
