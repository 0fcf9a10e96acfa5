import { hashName } from '../../kernel/generator.ts'
import { ACCEPTED, type Target } from '../resources/target.ts'
import { foldOrdinal, MESSAGE_REFUSED, MESSAGE_SENT } from '../transitions.ts'
import type { CallSite } from './call-site.ts'
import { DONE, FAILED, type Step, type StepResult } from './step.ts'

/** Hands a message over and goes on at once: to a queue, a stream, a function's asynchronous events. */
export class SendStep implements Step {
  readonly settings: CallSite['settings']
  private readonly site: CallSite
  private readonly birth: number
  private readonly hash: number
  private target: Target | null = null

  constructor(site: CallSite) {
    this.site = site
    this.settings = site.settings
    this.birth = site.world.births.add(site.name, site.settings.shape)
    this.hash = hashName(site.name)
  }

  connect(): void {
    const { to, sections } = this.settings
    this.target = this.site.world.target(to, sections)
  }

  take(_progress: number, item: number, repetition: number): StepResult {
    const { settings, site } = this
    const ordinal = site.ordinalOf(item, repetition)
    if (!site.happens(ordinal)) return DONE
    const { messages, transitions } = site.world
    const { sizeBytes } = settings.shape
    const message = messages.create(this.birth, ordinal, sizeBytes, site.lineageOf(item))
    transitions.announce(MESSAGE_SENT, this.hash, foldOrdinal(ordinal), message)
    if (this.target!.accept(message) === ACCEPTED) return DONE
    transitions.announce(MESSAGE_REFUSED, this.hash, foldOrdinal(ordinal), message)
    messages.give(message)
    return FAILED
  }
}
