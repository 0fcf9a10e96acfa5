/** What a reference such as `failed`, `queues.failed` or `checkout:live` means. */
import { SECTIONS, type Section } from './world.ts'

export interface NodeName {
  readonly section: Section
  readonly name: string
  /** Of a function; '' for the bare name. */
  readonly qualifier: string
}

/** How one entity of a section is called, with its article. */
const SECTION_NOUNS: Readonly<Record<Section, string>> = {
  functions: 'a function',
  queues: 'a queue',
  topics: 'a topic',
  buses: 'a bus',
  streams: 'a stream',
  tables: 'a table',
  buckets: 'a bucket',
  downstreams: 'a downstream',
  apis: 'an api',
  vpcs: 'a VPC',
  subnets: 'a subnet',
  natGateways: 'a NAT gateway',
  capacityProviders: 'a capacity provider',
  stateMachines: 'a state machine',
}

export type NodeResolution =
  | { readonly ok: true; readonly node: NodeName }
  | { readonly ok: false; readonly message: string; readonly known: readonly string[] }

/**
 * Reads a reference: `allowed` sections may be meant, `namesOf` tells what each declares, and `role`
 * says in messages what it is the name of.
 */
export function resolveNode(
  text: string,
  allowed: readonly Section[],
  namesOf: (section: Section) => readonly string[],
  role = 'a reference',
): NodeResolution {
  const colon = text.indexOf(':')
  const node = colon < 0 ? text : text.slice(0, colon)
  const qualifier = colon < 0 ? '' : text.slice(colon + 1)
  const dot = node.indexOf('.')
  const written = dot < 0 ? undefined : SECTIONS.find((section) => section === node.slice(0, dot))
  const name = written === undefined ? node : node.slice(dot + 1)
  const holders = SECTIONS.filter(
    (section) => (written === undefined || written === section) && namesOf(section).includes(name),
  )
  const meant = holders.filter((section) => allowed.includes(section))
  const known = allowed.flatMap((section) => namesOf(section))
  const wanted = listed(allowed.map((section) => SECTION_NOUNS[section]))
  const [only, second] = meant
  if (second !== undefined) {
    const spelled = meant.map((section) => `${section}.${name}`).join(' or ')
    return { ok: false, message: `\`${name}\` is several things: write ${spelled}`, known: [] }
  }
  if (only === undefined) {
    const [other] = holders
    const message =
      other !== undefined
        ? `\`${text}\` is ${SECTION_NOUNS[other]}, and ${role} is ${wanted}`
        : `there is no ${wanted.replace(/\ban? /g, '')} \`${text}\`: ${known.length === 0 ? 'none is declared' : `known are ${known.join(', ')}`}`
    return { ok: false, message, known }
  }
  if (qualifier !== '' && only !== 'functions') {
    const message = `\`${text}\`: only a function has qualifiers, and ${name} is ${SECTION_NOUNS[only]}`
    return { ok: false, message, known: [] }
  }
  return { ok: true, node: { section: only, name, qualifier } }
}

/** The name in a reference, without its section. */
export function bareName(reference: string): string {
  return reference.slice(reference.indexOf('.') + 1)
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
