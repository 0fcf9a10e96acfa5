import { hashName } from '../../kernel/generator.ts'
import type { Simulator } from '../../kernel/simulator.ts'
import type { Births, MessageShape } from '../messages/births.ts'
import type { Messages } from '../messages/message-store.ts'
import { ACCEPTED, type Target } from '../resources/target.ts'
import { foldOrdinal, MESSAGE_REFUSED, MESSAGE_SENT, type Transitions } from '../transitions.ts'
import type { ArrivalProcess } from './arrival-process.ts'
import type { HandoverMeter } from './handover-meter.ts'

export interface HandoverOptions {
  readonly name: string
  readonly meter: HandoverMeter
  readonly shape: MessageShape
  /** Messages of each arrival. */
  readonly batch: number
  readonly messages: Messages
  readonly births: Births
  readonly transitions: Transitions
}

/**
 * Open traffic to what takes a request without answering it: a queue, a stream, a topic, a
 * function's asynchronous events. The producer is done when its message is accepted.
 */
export class HandoverProducer {
  readonly name: string
  readonly meter: HandoverMeter
  readonly arrivals: ArrivalProcess
  private readonly batch: number
  private readonly sizeBytes: number
  private readonly messages: Messages
  private readonly transitions: Transitions
  private readonly simulator: Simulator
  private readonly birth: number
  private readonly hash: number
  private target: Target | null = null
  private ordinal = 0

  constructor(options: HandoverOptions, arrivals: ArrivalProcess, simulator: Simulator) {
    this.name = options.name
    this.meter = options.meter
    this.batch = options.batch
    this.sizeBytes = options.shape.sizeBytes
    this.messages = options.messages
    this.transitions = options.transitions
    this.arrivals = arrivals
    this.simulator = simulator
    this.hash = hashName(options.name)
    this.birth = options.births.add(options.name, options.shape)
  }

  connect(target: Target): void {
    this.target = target
  }

  /** The arrival that is due happens, and the next one is announced. */
  arrive(): void {
    for (let count = 0; count < this.batch; count++) this.send()
    if (this.arrivals.starved !== true) this.simulator.resumeSource(this.arrivals.next())
  }

  private send(): void {
    const { messages, transitions } = this
    const ordinal = this.ordinal++
    const message = messages.create(this.birth, ordinal, this.sizeBytes, 0)
    this.meter.enter()
    transitions.announce(MESSAGE_SENT, this.hash, foldOrdinal(ordinal), message)
    const acceptance = this.target!.accept(message)
    if (acceptance === ACCEPTED) {
      this.meter.accepted()
      return
    }
    transitions.announce(MESSAGE_REFUSED, this.hash, foldOrdinal(ordinal), message)
    this.meter.refused(acceptance)
    messages.give(message)
  }
}
