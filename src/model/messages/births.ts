/**
 * Where messages come from, and what can be said of a message without storing it: its attributes
 * and its key are draws that belong to it (birth and ordinal), the same at every place it comes to.
 */
import { Generator, hashName, mixBits, rekey } from '../../kernel/generator.ts'
import { invariant } from '../../kernel/invariant.ts'
import { BIRTH, type Messages, ORDINAL, RECEIVES } from './message-store.ts'

/** What the messages of one producer, or of one call in a handler, are like. */
export interface MessageShape {
  /** Payload, bytes. */
  readonly sizeBytes: number
  /** Values of each attribute with their shares, which add up to 1. */
  readonly attributes: ReadonlyMap<string, readonly AttributeValue[]>
  /** How many partition keys (or message groups) there are. */
  readonly keyCount: number
  /** Share of the messages that bear the hottest key; the rest spreads evenly over the others. */
  readonly hottestKeyShare: number
}

export interface AttributeValue {
  readonly value: string
  readonly share: number
}

/** Of what says nothing about itself: 1 KB, no attributes, 10,000 keys evenly. */
export const PLAIN_SHAPE: MessageShape = {
  sizeBytes: 1_024,
  attributes: new Map(),
  keyCount: 10_000,
  hottestKeyShare: 0,
}

interface Birth {
  readonly name: string
  /** Hash of seed, replication and name: its draws' stream. */
  readonly stream: number
  readonly shape: MessageShape
}

/** As many as a uint16 tells apart. */
const MAXIMUM_BIRTHS = 65_536

const KEY = hashName('key')
const ATTRIBUTE = hashName('attribute')

export class Births {
  private readonly births: Birth[] = []
  private readonly messages: Messages
  private readonly streamRoot: string
  private readonly generator = new Generator()

  /** `streamRoot` is `seed/replication`. */
  constructor(messages: Messages, streamRoot: string) {
    this.messages = messages
    this.streamRoot = streamRoot
  }

  /** Registers a source of messages; returns its index. */
  add(name: string, shape: MessageShape): number {
    const stream = hashName(`${this.streamRoot}/${name}`)
    const index = this.births.push({ name, stream, shape }) - 1
    invariant(index < MAXIMUM_BIRTHS, () => `more than ${MAXIMUM_BIRTHS} sources of messages`)
    return index
  }

  shapeOf(birth: number): MessageShape {
    return this.births[birth]!.shape
  }

  nameOf(message: number): string {
    return this.birthOf(message).name
  }

  /** The stream and ordinal that key all draws of a message. */
  streamOf(message: number): number {
    return this.birthOf(message).stream
  }

  /** A generator for one occasion of a message; good until the next call. */
  drawFor(message: number, purpose: number, index: number): Generator {
    const ordinal = this.messages.reals[4 * message + ORDINAL]!
    return rekey(this.generator, this.streamOf(message), ordinal, purpose, index)
  }

  /** The same for what happens anew with each delivery. */
  drawForDelivery(message: number, purpose: number): Generator {
    return this.drawFor(message, purpose, this.messages.shorts[16 * message + RECEIVES]!)
  }

  /** Its partition key or message group, from 0; key 0 is the hottest. */
  keyOf(message: number): number {
    const birth = this.messages.shorts[16 * message + BIRTH]!
    return this.keyFor(birth, this.messages.reals[4 * message + ORDINAL]!)
  }

  /** The same of a message that need not exist: of what only reads, or is not taken yet. */
  keyFor(birth: number, ordinal: number): number {
    const { shape, stream } = this.births[birth]!
    const { keyCount, hottestKeyShare } = shape
    if (keyCount === 1) return 0
    const draw = rekey(this.generator, stream, ordinal, KEY, 0).nextUniform()
    if (hottestKeyShare === 0) return Math.floor(draw * keyCount)
    if (draw < hottestKeyShare) return 0
    const rest = (draw - hottestKeyShare) / (1 - hottestKeyShare)
    return 1 + Math.min(keyCount - 2, Math.floor(rest * (keyCount - 1)))
  }

  /** The value of one of its attributes; undefined where its birth declares none of that name. */
  attributeOf(message: number, attribute: string): string | undefined {
    const values = this.birthOf(message).shape.attributes.get(attribute)
    if (values === undefined) return undefined
    const draw = this.drawFor(message, ATTRIBUTE, hashName(attribute)).nextUniform()
    let bound = 0
    for (const { value, share } of values) {
      bound += share
      if (draw < bound) return value
    }
    return values.at(-1)!.value
  }

  private birthOf(message: number): Birth {
    return this.births[this.messages.shorts[16 * message + BIRTH]!]!
  }
}

/**
 * The ordinal of what a handler sends: it depends on what the handler worked on (stream and
 * ordinal), on the delivery and on the running number, not on the order of events.
 */
export function childOrdinal(stream: number, ordinal: number, index: number): number {
  // Both halves of the index: a delivery that is numbered high only changes the upper one.
  const mixedIndex = mixBits(index) ^ mixBits(Math.floor(index / 4294967296))
  const low = mixBits(stream ^ Math.imul(ordinal | 0, 0x9e3779b1) ^ mixedIndex) >>> 0
  const high = mixBits(low ^ Math.floor(ordinal / 4294967296) ^ Math.imul(stream, 0x85ebca6b))
  return (high & 0x1fffff) * 4294967296 + low
}
