/**
 * Application Auto Scaling of provisioned concurrency: scheduled actions, and target tracking by
 * two alarms on ProvisionedConcurrencyUtilization.
 * Sources: Lambda developer guide, "Managing provisioned concurrency with Application Auto Scaling";
 * Application Auto Scaling user guide, "Target tracking scaling policies" and "Scheduled scaling".
 */
import { RANK_CONTROL } from '../../kernel/order.ts'
import { MICROSECONDS_PER_MINUTE } from '../../kernel/time.ts'
import { nextTime } from '../invocation/asynchronous/schedule-expression.ts'
import type { CounterSeries } from '../metrics/series.ts'
import type { Part } from '../part.ts'
import type { World } from '../world.ts'
import type { Qualifier } from './lambda-function.ts'
import type {
  ProvisionedScalingSettings,
  ScheduledCapacity,
  TargetTrackingSettings,
} from './scaling-settings.ts'
import { UtilizationAlarms } from './utilization-alarms.ts'
import { UtilizationSamples } from './utilization-samples.ts'

const US_PER_MS = 1_000

/** Sets what is configured for a qualifier; what it adds is allocated, what it takes away goes. */
type SetCapacity = (qualifier: Qualifier, capacity: number) => void

export interface ProvisionedScalingOptions {
  readonly qualifier: Qualifier
  readonly settings: ProvisionedScalingSettings
  readonly world: World
  readonly setCapacity: SetCapacity
}

export class ProvisionedScaling implements Part {
  readonly path: string
  private readonly qualifier: Qualifier
  private readonly schedule: readonly ScheduledCapacity[]
  private readonly tracking: TargetTrackingSettings | null
  private readonly world: World
  private readonly setCapacity: SetCapacity
  private readonly activities: CounterSeries
  private readonly actionKind: number
  private readonly minuteKind: number
  private readonly alarms: UtilizationAlarms | null = null
  private minimum: number
  private maximum: number
  private isSilent = false

  constructor({ qualifier, settings, world, setCapacity }: ProvisionedScalingOptions) {
    const { name, function: owner } = qualifier
    this.path = `functions.${owner.name}.scaling.${name}`
    this.qualifier = qualifier
    this.schedule = settings.schedule
    this.tracking = settings.targetTracking
    this.world = world
    this.setCapacity = setCapacity
    this.activities = world.recorder.counter('alias', `${owner.name}:${name}`, 'ScalingActivities')
    this.actionKind = world.addEventKind((index) => this.act(index))
    this.minuteKind = world.addEventKind(() => this.endMinute())
    this.minimum = this.tracking?.minCapacity ?? 0
    this.maximum = this.tracking?.maxCapacity ?? Number.POSITIVE_INFINITY
    if (this.tracking !== null) {
      this.alarms = new UtilizationAlarms(this.tracking.target)
      qualifier.provisioned!.samples = new UtilizationSamples(this.tracking.statistic)
    }
  }

  start(): void {
    const { startsAtMs } = this.world.settings
    this.schedule.forEach((_, index) => {
      this.arm(index, startsAtMs)
    })
    // CloudWatch's datapoints are whole minutes of the wall clock.
    const elapsedUs = (startsAtMs % (MICROSECONDS_PER_MINUTE / US_PER_MS)) * US_PER_MS
    if (this.tracking !== null) this.armMinute(MICROSECONDS_PER_MINUTE - elapsedUs)
  }

  silence(): void {
    this.isSilent = true
  }

  /** A scheduled action: new bounds hold at once, and the capacity moves into them. */
  private act(index: number): void {
    if (this.isSilent) return
    const { minimum, maximum, when } = this.schedule[index]!
    this.minimum = minimum ?? this.minimum
    this.maximum = maximum ?? this.maximum
    const { target } = this.qualifier.provisioned!
    this.change(Math.min(this.maximum, Math.max(this.minimum, target)))
    if (when.kind !== 'instant') {
      const { settings, simulator } = this.world
      this.arm(index, settings.startsAtMs + simulator.nowUs / US_PER_MS + 1)
    }
  }

  private arm(index: number, fromMs: number): void {
    const { settings, simulator } = this.world
    const { startsAtMs, durationUs } = settings
    const { when } = this.schedule[index]!
    let atUs = 0
    if (when.kind === 'instant') atUs = when.atUs
    else {
      const timeMs = nextTime(when, fromMs, startsAtMs)
      if (timeMs === null) return
      atUs = (timeMs - startsAtMs) * US_PER_MS
    }
    if (atUs < durationUs) simulator.scheduleLater(atUs, RANK_CONTROL, this.actionKind, index)
  }

  private endMinute(): void {
    if (this.isSilent) return
    const provisioned = this.qualifier.provisioned!
    const datapoint = provisioned.samples!.takeDatapoint(provisioned.utilization)
    const state = this.alarms!.observe(datapoint)
    if (datapoint !== null && state !== 'OK') {
      const wanted = this.capacityFor(datapoint, provisioned.ready)
      // What is being allocated counts as configured, so that one burst is not answered twice.
      if (state === 'HIGH' && wanted > provisioned.target) this.change(wanted)
      if (state === 'LOW' && wanted < provisioned.ready && provisioned.allocating === 0) {
        this.change(wanted)
      }
    }
    this.armMinute(this.world.simulator.nowUs + MICROSECONDS_PER_MINUTE)
  }

  private armMinute(atUs: number): void {
    this.world.simulator.scheduleLater(atUs, RANK_CONTROL, this.minuteKind, 0)
  }

  /** What would bring the utilisation to the target, rounded up, within the bounds. */
  private capacityFor(utilization: number, ready: number): number {
    const exact = (ready * utilization) / this.tracking!.target
    // 0.7 x 100 / 0.7 is 100, whatever binary fractions make of it.
    const capacity = Math.ceil(exact - 1e-9)
    return Math.min(this.maximum, Math.max(this.minimum, capacity))
  }

  private change(capacity: number): void {
    if (capacity === this.qualifier.provisioned!.target) return
    this.activities.add(1)
    this.setCapacity(this.qualifier, capacity)
  }
}
