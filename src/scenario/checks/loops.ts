/**
 * Circles of edges that nothing cuts: what goes round in them may go on for ever.
 * Lambda's recursive loop detection follows queues, topics, buckets and functions, and a function may
 * switch it off (Lambda developer guide, "Use Lambda recursive loop detection").
 */
import { placedReferences, resolveTarget } from '../nodes.ts'
import type { PartialScenario } from '../validate.ts'

type Edges = ReadonlyMap<string, readonly string[]>

/** Past these the detection loses a chain. */
const UNFOLLOWED = ['buses.', 'streams.', 'tables.']

export function loopWarnings(partial: PartialScenario): readonly string[] {
  const edges = edgesOf(partial)
  const nodes = [...edges.keys()]
  const circles = new Map<string, readonly string[]>()
  const note = (circle: readonly string[] | null): void => {
    if (circle !== null) circles.set([...circle].sort().join(' '), circle)
  }
  for (const node of nodes) {
    if (UNFOLLOWED.some((section) => node.startsWith(section))) note(circleFrom(node, edges))
  }
  const uncut = withoutCuts(edges, partial)
  for (const node of uncut.keys()) note(circleFrom(node, uncut))
  return [...circles.values()].map((circle) => {
    const round = [...circle, circle[0]!].join(' -> ')
    return `${round}: a circle that recursive loop detection does not cut, so that events may go round for ever; drain ends after maximumDrain`
  })
}

/** Where messages go from each node, all of those that come to it or more. */
function edgesOf(partial: PartialScenario): Edges {
  const edges = new Map<string, string[]>()
  for (const { path, to, sections, sends, meanShare = 1 } of placedReferences(partial)) {
    const resolution = resolveTarget(partial, to, sections)
    // Of less than all, each round is smaller than the one before.
    if (!resolution.ok || meanShare < 1) continue
    const owner = path.slice(0, 2).join('.')
    const other = `${resolution.node.section}.${resolution.node.name}`
    const [from, into] = sends ? [owner, other] : [other, owner]
    edges.set(from, [...(edges.get(from) ?? []), into])
  }
  return edges
}

/** Without the functions that cut chains. */
function withoutCuts(edges: Edges, { functions }: PartialScenario): Edges {
  const cuts = (node: string): boolean =>
    functions.get(node.replace(/^functions\./, ''))?.recursiveLoop === 'Terminate' &&
    node.startsWith('functions.')
  return new Map(
    [...edges]
      .filter(([from]) => !cuts(from))
      .map(([from, into]) => [from, into.filter((node) => !cuts(node))]),
  )
}

/** The shortest way from a node back to it; null: there is none. */
function circleFrom(start: string, edges: Edges): readonly string[] | null {
  const cameFrom = new Map<string, string>()
  const open = [start]
  for (const node of open) {
    for (const next of edges.get(node) ?? []) {
      if (next === start) return wayTo(node, cameFrom)
      if (cameFrom.has(next)) continue
      cameFrom.set(next, node)
      open.push(next)
    }
  }
  return null
}

function wayTo(node: string, cameFrom: ReadonlyMap<string, string>): readonly string[] {
  const way: string[] = []
  for (let at: string | undefined = node; at !== undefined; at = cameFrom.get(at)) way.unshift(at)
  return way
}
