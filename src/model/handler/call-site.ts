import { Generator, hashName, mixBits, rekey } from '../../kernel/generator.ts'
import type { HandlerCall, StepSettings } from '../compiled-scenario.ts'
import type { LambdaFunction } from '../compute/lambda-function.ts'
import type { World } from '../world.ts'
import type { WorkItems } from './work-items.ts'

const HAPPENS = hashName('happens')

/**
 * One of the calls that a handler's code contains. All that happens by it is keyed by its place in
 * the code and by what the handler works on, so that it does not depend on the order of events.
 */
export class CallSite<Settings extends StepSettings = HandlerCall> {
  /** `FUNCTION/calls/PLACE`. */
  readonly name: string
  readonly settings: Settings
  readonly function: LambdaFunction
  readonly world: World
  readonly stream: number
  private readonly mixedStream: number
  private readonly items: WorkItems
  private readonly generator = new Generator()

  constructor(
    owner: LambdaFunction,
    place: string,
    settings: Settings,
    items: WorkItems,
    world: World,
  ) {
    this.name = `${owner.name}/calls/${place}`
    this.settings = settings
    this.function = owner
    this.world = world
    this.items = items
    this.stream = hashName(this.streamName)
    // Mixed once more, for the messages that it works on may come from itself.
    this.mixedStream = mixBits(this.stream)
  }

  get streamName(): string {
    return `${this.world.streamRoot}/${this.name}`
  }

  /** The ordinal of what this call sends or invokes for an item the nth time. */
  ordinalOf(item: number, repetition: number): number {
    return this.items.childOrdinal(item, this.mixedStream, repetition)
  }

  /** Whether that one takes place. */
  happens(ordinal: number): boolean {
    const { probability } = this.settings
    return probability >= 1 || this.drawFor(ordinal, HAPPENS).nextUniform() < probability
  }

  /** The lineage of what is sent for an item. */
  lineageOf(item: number): number {
    return this.world.lineages.after(this.items.lineage[item]!, this.function.index)
  }

  /** A generator for one purpose of one attempt (from 0); good until the next one is asked for. */
  drawFor(ordinal: number, purpose: number, attempt = 0): Generator {
    return rekey(this.generator, this.stream, ordinal, purpose, attempt)
  }
}
