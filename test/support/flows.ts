/**
 * Watches the doors of a run's nodes: who came in, and in which order each key's messages were
 * done with. Every node that takes messages is a `Target`, so one wrapper around `accept` sees all.
 */
import type { CompiledScenario } from '../../src/model/compiled-scenario.ts'
import { BIRTH, ORDINAL } from '../../src/model/messages/message-store.ts'
import type { Part } from '../../src/model/part.ts'
import { Queue } from '../../src/model/resources/queue/queue.ts'
import { SUCCEEDED } from '../../src/model/resources/stream/record-consumer.ts'
import { Stream } from '../../src/model/resources/stream/stream.ts'
import { ACCEPTED, type Target } from '../../src/model/resources/target.ts'
import type { World } from '../../src/model/world.ts'

interface Entry {
  readonly identity: string
  readonly place: number
}

export class Flows {
  /** Per node, by path: how many messages it took. */
  readonly accepted = new Map<string, number>()
  /** Who knocked at each node, taken in or not: `producer ordinal`. */
  readonly knocked = new Map<string, Set<string>>()
  /** Per queue: the messages that were processed and deleted, as `producer ordinal`. */
  readonly completed = new Map<string, Set<string>>()
  /** Messages that were done with before an older one of their key. */
  readonly overtakings: { readonly path: string; readonly what: string }[] = []
  private readonly watched = new WeakSet<object>()
  private readonly entries = new Map<string, Map<number, Entry>>()
  private readonly latest = new Map<string, number>()
  private places = 0
  private world: World | null = null

  /** For `RunOptions.adjust`. */
  readonly watch = (compiled: CompiledScenario): CompiledScenario => ({
    ...compiled,
    parts: compiled.parts.map((part) => ({
      ...part,
      create: (world: World) => {
        this.enter(world)
        const created = part.create(world)
        if ('accept' in created) this.observe(created as Part & Target)
        return created
      },
    })),
  })

  /** False where no part leads anywhere: nothing has been watched then. */
  get isWatching(): boolean {
    return this.world !== null
  }

  acceptedBy(path: string): number {
    return this.accepted.get(path) ?? 0
  }

  /** A function's asynchronous events are made when somebody first asks for them. */
  private enter(world: World): void {
    if (this.world !== null) return
    this.world = world
    const find = world.target.bind(world)
    world.target = (reference, sections) => {
      const target = find(reference, sections)
      this.observe(target as Part & Target)
      return target
    }
  }

  private observe(node: Part & Target): void {
    if (this.watched.has(node)) return
    this.watched.add(node)
    const accept = node.accept.bind(node)
    const knocked = new Set<string>()
    this.knocked.set(node.path, knocked)
    const isOrdered = this.watchOrder(node)
    node.accept = (message) => {
      const identity = this.identityOf(message)
      knocked.add(identity)
      const place = this.places++
      if (isOrdered) this.entriesOf(node.path).set(message, { identity, place })
      const acceptance = accept(message)
      if (acceptance === ACCEPTED) {
        this.accepted.set(node.path, this.acceptedBy(node.path) + 1)
      }
      return acceptance
    }
  }

  /** Streams, and FIFO queues, keep the order of each key. */
  private watchOrder(node: Part & Target): boolean {
    if (node instanceof Stream) {
      const settle = node.settle.bind(node)
      node.settle = (record, outcome) => {
        if (outcome === SUCCEEDED) this.leave(node.path, record)
        settle(record, outcome)
      }
      return true
    }
    if (!(node instanceof Queue)) return false
    const completed = new Set<string>()
    this.completed.set(node.path, completed)
    const { ledger } = Reflect.get(node, 'meter')
    const complete = node.complete.bind(node)
    node.complete = (message) => {
      const before = ledger.countOf('succeeded')
      const leave = this.leaving(node.path, message)
      const identity = this.identityOf(message)
      const isDeleted = complete(message)
      // A FIFO queue does not delete what is visible again.
      if (ledger.countOf('succeeded') === before) return isDeleted
      completed.add(identity)
      if (node.settings.isFifo) leave()
      return isDeleted
    }
    return node.settings.isFifo
  }

  private leave(path: string, message: number): void {
    this.leaving(path, message)()
  }

  /** What to note once the message has left: read before its slot may be another's. */
  private leaving(path: string, message: number): () => void {
    const entry = this.entriesOf(path).get(message)
    const identity = this.identityOf(message)
    const key = `${path} key ${this.world!.births.keyOf(message)}`
    return () => {
      // What was there at the start, or moved in, has not come through the door.
      if (entry === undefined || entry.identity !== identity) return
      if (entry.place < (this.latest.get(key) ?? -1)) {
        this.overtakings.push({ path, what: `${identity} of ${key}` })
      } else this.latest.set(key, entry.place)
    }
  }

  private entriesOf(path: string): Map<number, Entry> {
    const known = this.entries.get(path) ?? new Map<number, Entry>()
    this.entries.set(path, known)
    return known
  }

  private identityOf(message: number): string {
    const { births, messages } = this.world!
    const birth = messages.shorts[16 * message + BIRTH]
    return `${births.nameOf(message)} ${birth} ${messages.reals[4 * message + ORDINAL]}`
  }
}
