import type { CheckContext } from '../entry.ts'
import type { Section } from '../world.ts'

/** How many events of functions and state machines lead from this node. */
export function edgesFrom(section: Section, name: string, context: CheckContext): number {
  return context
    .referencesTo(section, name)
    .filter(({ path, sends }) => !sends && /^(functions|stateMachines)\.[^.]+\.events\./.test(path))
    .length
}
