import type { CheckContext, Fault } from '../entry.ts'
import type { Section } from '../world.ts'

/** The sections whose entities the outputs show in scope `network`. */
const NETWORK_SECTIONS = ['vpcs', 'subnets', 'natGateways'] as const satisfies readonly Section[]

/** The outputs could not tell two entities of one scope and name apart. */
export function sharedNameFaults(
  name: string,
  own: Section,
  { configOf }: CheckContext,
): readonly Fault[] {
  const first = NETWORK_SECTIONS.find(
    (section) => configOf(`${section}.${name}`, [section]) !== undefined,
  )
  if (first === undefined || first === own) return []
  const message = `${first}.${name} has the same name, and the outputs call both \`${name}\`: give one of them another`
  return [{ path: [], message }]
}
