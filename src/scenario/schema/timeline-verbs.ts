/** The verbs that functions, resources and event types add to `timeline`. */
import { FUNCTION_COMMANDS } from '../../model/compute/function-commands.ts'
import type { CommandEntry } from '../../model/entry.ts'
import { EVENT_SOURCES } from '../../model/invocation/event-sources.ts'
import { RESOURCES } from '../../model/resources/index.ts'
import type { Section } from '../../model/world.ts'

export interface TimelineVerb {
  readonly verb: string
  readonly command: CommandEntry
  /** What it names, in words: `one of queues`, `an event as FUNCTION.EVENT`. */
  readonly names: string
  /** Sections of resources that know it. */
  readonly sections: readonly Section[]
  /** Event types that know it. */
  readonly types: readonly string[]
}

/** A verb that several kinds know has the same keys for all of them. */
export const TIMELINE_VERBS: readonly TimelineVerb[] = collect()

function collect(): TimelineVerb[] {
  const verbs = new Map<string, { command: CommandEntry; sections: Section[]; types: string[] }>()
  const add = (commands: Readonly<Record<string, CommandEntry>> = {}) =>
    Object.entries(commands).map(([verb, command]) => {
      const known = verbs.get(verb) ?? { command, sections: [], types: [] }
      verbs.set(verb, known)
      return known
    })
  for (const known of add(FUNCTION_COMMANDS)) known.sections.push('functions')
  for (const { section, commands } of RESOURCES) {
    for (const known of add(commands)) known.sections.push(section)
  }
  for (const { kind, commands } of EVENT_SOURCES) {
    for (const known of add(commands)) known.types.push(kind)
  }
  return [...verbs].map(([verb, { command, sections, types }]) => ({
    verb,
    command,
    sections,
    types,
    names: [
      ...(sections.length > 0 ? [`one of ${sections.join(', ')}`] : []),
      ...(types.length > 0 ? ['an event as FUNCTION.EVENT'] : []),
    ].join(' or '),
  }))
}
