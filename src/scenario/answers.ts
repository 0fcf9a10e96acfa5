import type { Answers } from '../model/downstream/downstream.ts'
import type { Section } from '../model/world.ts'
import { type Nodes, resourceEntry } from './nodes.ts'

/** Functions answer when they are simulated. */
const UNKNOWN: Answers = { meanAnswerUs: 0, errorRate: 0 }

/** What a node answers where nothing holds it up; for forecasts before a run. */
export function answersOf(
  resources: Nodes['resources'],
  section: Section,
  reference: string,
): Answers {
  if (section === 'functions') return UNKNOWN
  const config = resources.get(section)?.get(reference.replace(`${section}.`, ''))
  const othersOf = (other: string): Answers => answersOf(resources, section, other)
  return resourceEntry(section).answers?.(config, othersOf) ?? UNKNOWN
}
