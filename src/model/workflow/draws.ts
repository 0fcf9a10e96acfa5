import { Generator, hashName, mixBits, rekey } from '../../kernel/generator.ts'
import { childOrdinal } from '../messages/births.ts'
import type { StateMachineProgram } from './program.ts'
import type { Executions, Strands } from './stores.ts'

const INPUT = hashName('input')
/** More attempts at one visit of a state share their draws with another visit. */
const ATTEMPTS = 65_536
const TWO_POW_32 = 4_294_967_296
/** As many as fit beside a 32-bit index. */
const OCCASIONS = 1_048_576

/**
 * Everything that an execution draws is keyed by what started it, the place in its definition, the
 * visit of that place and the attempt: not by the order of events.
 */
export class Draws {
  private readonly machineStream: number
  private readonly executions: Executions
  private readonly strands: Strands
  private readonly generator = new Generator()

  constructor(streamName: string, executions: Executions, strands: Strands) {
    this.machineStream = hashName(streamName)
    this.executions = executions
    this.strands = strands
  }

  /** The stream of executions that come from one birth of messages. */
  streamOf(birthStream: number): number {
    return mixBits(birthStream ^ this.machineStream)
  }

  /** Where an execution begins, which depends on its input. */
  startOf(starts: StateMachineProgram['starts'], stream: number, key: number): number {
    if (starts.length === 1) return starts[0]!.next
    const draw = rekey(this.generator, stream, key, INPUT, 0).nextUniform()
    return (starts.find(({ upTo }) => draw < upTo) ?? starts.at(-1)!).next
  }

  /** A generator for one purpose of a strand's current attempt; good until the next call. */
  draw(strand: number, purpose: number): Generator {
    const { executions, strands } = this
    const stream = executions.stream[strands.execution[strand]!]!
    return rekey(this.generator, stream, strands.key[strand]!, purpose, this.occasion(strand))
  }

  /** The ordinal of the call that a strand's current attempt makes at a place. */
  callOrdinal(strand: number, placeHash: number): number {
    const { executions, strands } = this
    const stream = mixBits(executions.stream[strands.execution[strand]!]! ^ placeHash)
    return childOrdinal(stream, strands.key[strand]!, this.occasion(strand))
  }

  /** The key of the nth strand of the fork that a strand's current attempt makes. */
  childKey(strand: number, index: number): number {
    const { executions, strands } = this
    const stream = executions.stream[strands.execution[strand]!]!
    const occasion = this.occasion(strand) % OCCASIONS
    return childOrdinal(stream, strands.key[strand]!, occasion * TWO_POW_32 + index)
  }

  private occasion(strand: number): number {
    return (this.strands.visits[strand]! * ATTEMPTS + this.strands.attempt[strand]!) % TWO_POW_32
  }
}
