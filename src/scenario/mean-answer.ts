import type { Section } from '../model/world.ts'
import { type Nodes, resourceEntry } from './nodes.ts'

/** How long a call takes on average where nothing holds it up, us; for forecasts before a run. */
export function meanAnswerUs(
  resources: Nodes['resources'],
  section: Section,
  reference: string,
): number {
  const config = resources.get(section)?.get(reference.replace(`${section}.`, ''))
  const meanOf = (other: string): number => meanAnswerUs(resources, section, other)
  return resourceEntry(section).meanAnswerUs?.(config, meanOf) ?? 0
}
