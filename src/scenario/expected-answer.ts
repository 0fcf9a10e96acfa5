import type { ExpectedAnswer } from '../model/downstream/downstream.ts'
import { bareName } from '../model/node-names.ts'
import type { Section } from '../model/world.ts'
import { type Nodes, resourceEntry } from './nodes.ts'

/** Functions answer when they are simulated. */
const UNKNOWN: ExpectedAnswer = { meanAnswerUs: 0, errorRate: 0 }

/** What a node answers where nothing holds it up; for forecasts before a run. */
export function expectedAnswerOf(
  resources: Nodes['resources'],
  section: Section,
  reference: string,
): ExpectedAnswer {
  if (section === 'functions') return UNKNOWN
  const config = resources.get(section)?.get(bareName(reference))
  const othersOf = (other: string): ExpectedAnswer => expectedAnswerOf(resources, section, other)
  return resourceEntry(section).expectedAnswer?.(config, othersOf) ?? UNKNOWN
}
