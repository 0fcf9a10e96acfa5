/** The environments of one version on managed instances: starting, serving, draining, gone. */
import { Generator, hashName, rekey } from '../../../kernel/generator.ts'
import type { EnvironmentPool } from '../environment-pool.ts'
import { NEEDS } from '../environment-store.ts'
import type { IdleSet } from '../idle-selection/idle-set.ts'
import { MOST_INITS } from './limits.ts'
import type { ManagedFunction } from './managed-function.ts'
import { Places } from './places.ts'
import { BusyTime, ScaleIn, wantedEnvironments } from './scaling.ts'

const INIT = hashName('init')
const INIT_FAILURE = hashName('init-failure')

/** Every environment stands for as many idle ones as it has free places. */
export class ManagedPool implements IdleSet {
  readonly places: Places
  /** Environments that are being started. */
  private starting = 0
  private readonly owner: ManagedFunction
  private pool: EnvironmentPool | null = null
  /** The instance of each environment that is there. */
  private readonly instances = new Map<number, number>()
  /** Of these, how many take requests. */
  private ready = 0
  /** Ordinal of the next start. */
  private begun = 0
  /** The version is no longer invoked. */
  private isClosed = false
  /** What waits for a published version to be Active; null: nothing. */
  private whenActive: (() => void) | null = null
  private readonly busy = new BusyTime()
  private readonly scaleIn = new ScaleIn()
  private readonly generator = new Generator()

  constructor(owner: ManagedFunction) {
    this.owner = owner
    this.places = new Places(owner.settings.places)
  }

  connect(pool: EnvironmentPool): void {
    this.pool = pool
  }

  get size(): number {
    return this.places.free
  }

  /** Environments that work on nothing. */
  get unused(): number {
    let unused = 0
    for (const environment of this.instances.keys()) {
      if (this.places.busyOf(environment) === 0) unused++
    }
    return unused
  }

  /** Those that take requests, and those that are on their way. */
  private get present(): number {
    return this.ready + this.starting
  }

  /** Requests on its environments, those that were given up at their timeout included. */
  get inUse(): number {
    return this.busy.level
  }

  take(): number {
    const environment = this.places.take()
    if (environment >= 0) this.use(1)
    return environment
  }

  /** A request on this environment is over. */
  add(environment: number): void {
    this.places.give(environment)
    this.use(-1)
    if (!this.places.takes(environment) && this.places.busyOf(environment) === 0) {
      this.retire(environment)
    }
  }

  addUnused(environment: number): void {
    this.places.open(environment)
    this.ready++
    this.owner.publish()
    const { whenActive } = this
    if (whenActive === null || this.ready < this.owner.range.minExecutionEnvironments) return
    this.whenActive = null
    whenActive()
  }

  /** It takes no more requests, and is retired when those that it has are over. */
  remove(environment: number): void {
    this.places.shut(environment)
    this.ready--
    this.owner.publish()
    if (this.places.busyOf(environment) === 0) this.retire(environment)
  }

  /** The one that may go first: its instance has the fewest environments; -1 when there is none. */
  anyMember(): number {
    const { provider } = this.owner
    let chosen = -1
    let fewest = Number.POSITIVE_INFINITY
    for (const [environment, instance] of this.instances) {
      if (!this.places.takes(environment)) continue
      const environments = provider.environmentsOn(instance)
      if (environments > fewest) continue
      chosen = environment
      fewest = environments
    }
    return chosen
  }

  /** At time 0: environments that were started before. */
  furnish(count: number): void {
    for (let created = 0; created < count; created++) {
      const room = this.owner.provider.place(this.owner.settings.size, true)
      if (room === undefined) return
      this.addReady(room.instance)
    }
  }

  /** A new version: it is Active when its minimum of environments is ready. */
  publish(whenActive: () => void): void {
    this.whenActive = whenActive
    this.keepInRange()
  }

  /** No request will come any more. */
  close(): void {
    this.isClosed = true
    for (const environment of [...this.instances.keys()]) {
      if (this.places.takes(environment)) this.remove(environment)
    }
  }

  /** Looks at how busy its environments were since the last time, and starts or gives up some. */
  scale(nowUs: number): void {
    if (this.isClosed) return
    const { settings, provider } = this.owner
    const meanBusy = this.busy.look(nowUs)
    const used = {
      concurrency: meanBusy / (this.ready * settings.places),
      cpu: (meanBusy * settings.cpuOfRequest) / (this.ready * settings.size.vCpus),
    }
    const wanted = this.ready === 0 ? 0 : wantedEnvironments(this.ready, used, provider.targets)
    this.adjust(nowUs, wanted)
  }

  /** Keeps to the minimum and the maximum at once, whatever is in use. */
  keepInRange(): void {
    if (this.isClosed) return
    const { minExecutionEnvironments: least, maxExecutionEnvironments: most } = this.owner.range
    this.start(least - this.present)
    this.giveUp(this.present - most)
  }

  /** Between the minimum and the maximum that hold now. */
  private adjust(nowUs: number, wanted: number): void {
    const { range, provider } = this.owner
    const { minExecutionEnvironments: least, maxExecutionEnvironments: most } = range
    this.giveUp(this.present - most)
    const bounded = Math.max(least, Math.min(most, wanted))
    this.start(bounded - this.present)
    const { scaleInDelay } = provider.config
    this.giveUp(this.scaleIn.surplus(nowUs, this.present, bounded, scaleInDelay))
  }

  private giveUp(count: number): void {
    for (let gone = 0; gone < count && this.ready > 1; gone++) this.remove(this.anyMember())
  }

  /** A request crashed it: another takes its place, as soon as that can be started. */
  breakDown(environment: number): void {
    const isFirst = this.places.takes(environment)
    if (isFirst) this.remove(environment)
    this.add(environment)
    if (isFirst) this.start(1)
  }

  /** An environment's init is over. */
  started(instance: number, initUs: number): void {
    this.starting--
    if (this.isClosed) {
      this.owner.provider.vacate(instance, this.owner.settings.size)
      return
    }
    this.owner.lambda.meter.initDuration.record(initUs)
    this.addReady(instance)
  }

  private start(count: number): void {
    const { owner } = this
    for (let begun = 0; begun < count; begun++) {
      const room = owner.provider.place(owner.settings.size, false)
      if (room === undefined) return
      this.starting++
      owner.beginStart(this, room.instance, room.readyAtUs, this.drawInitUs(this.begun++))
    }
  }

  private addReady(instance: number): void {
    const { environments } = this.owner
    const environment = environments.createReady(this.pool!)
    // Nobody waits for its first invocation: the runtime has taken its place in the init.
    environments.store.bytes[32 * environment + NEEDS] = 0
    this.instances.set(environment, instance)
    this.addUnused(environment)
  }

  private retire(environment: number): void {
    const { owner } = this
    owner.provider.vacate(this.instances.get(environment)!, owner.settings.size)
    this.instances.delete(environment)
    owner.environments.retire(environment, this.pool!)
  }

  private use(by: number): void {
    const { owner } = this
    this.busy.change(owner.simulator.nowUs, by)
    owner.use(by)
  }

  /** All inits until one is in time and does not fail. */
  private drawInitUs(ordinal: number): number {
    const { lambda, settings } = this.owner
    const stream = lambda.environmentStream
    let sumUs = 0
    for (let attempt = 0; attempt < MOST_INITS; attempt++) {
      const initUs = lambda.settings.coldStart.init.sample(
        rekey(this.generator, stream, ordinal, INIT, attempt),
      )
      const draw = rekey(this.generator, stream, ordinal, INIT_FAILURE, attempt).nextUniform()
      sumUs += Math.min(initUs, settings.initLimitUs)
      if (initUs <= settings.initLimitUs && draw >= lambda.failures.initError) break
    }
    return Math.round(sumUs)
  }
}
