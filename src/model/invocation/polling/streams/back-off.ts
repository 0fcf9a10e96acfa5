import { hashName } from '../../../../kernel/generator.ts'
import type { World } from '../../../world.ts'
import { doubledUs } from '../../doubling.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { Lane } from './lane.ts'

/**
 * How long a lane keeps its batch before it sends it again: full jitter, that is any time up to a
 * bound that doubles. AWS does not document it; assumed.
 */
export class BackOff {
  private readonly world: World
  private readonly errorPurpose: number
  private readonly throttlePurpose: number

  /** `path` names the edge, whose draws these are. */
  constructor(path: string, world: World) {
    this.world = world
    this.errorPurpose = hashName(`${path}/back-off`)
    this.throttlePurpose = hashName(`${path}/throttle-back-off`)
  }

  /** After a function error with a batch that begins with `first`. */
  afterError(lane: Lane, first: number, settings: ConsumerSettings): void {
    const draw = this.world.births.drawForDelivery(first, this.errorPurpose).nextUniform()
    this.delay(lane, draw, Math.max(0, lane.retries - 1), settings)
  }

  /** After a throttle, which delivers nothing. */
  afterRefusal(lane: Lane, first: number, settings: ConsumerSettings, cause: number): void {
    lane.refusedBy = cause
    const { refusals } = lane
    const draw = this.world.births.drawFor(first, this.throttlePurpose, refusals).nextUniform()
    this.delay(lane, draw, refusals, settings)
    lane.refusals++
  }

  private delay(lane: Lane, draw: number, doublings: number, settings: ConsumerSettings): void {
    const { backOffBaseUs, backOffCapUs } = settings
    const boundUs = doubledUs(backOffBaseUs, backOffCapUs, doublings)
    lane.retryAtUs = this.world.simulator.nowUs + Math.max(1, Math.round(draw * boundUs))
  }
}
