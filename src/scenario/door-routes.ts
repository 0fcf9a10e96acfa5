/** The routes of a front door: the events of functions that name it. */
import { type EventPlace, eventEntry, eventsOf, type Nodes, resolveTarget } from './nodes.ts'

export type RouteResolution =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string; readonly known: readonly string[] }

/** The route of an api that `FUNCTION.EVENT`, or the event's name alone, means. */
export function routeOf(nodes: Nodes, api: string, text: string): RouteResolution {
  const routes = routesOf(nodes, api)
  const nameOf = ({ functionName, eventName }: EventPlace) => `${functionName}.${eventName}`
  const meant = routes.filter((route) => route.eventName === text || nameOf(route) === text)
  const known = routes.map(nameOf)
  const [only, second] = meant
  if (second !== undefined) {
    const spelled = meant.map(nameOf).join(' or ')
    return { ok: false, message: `\`${text}\` is several routes: write ${spelled}`, known: [] }
  }
  if (only !== undefined) return { ok: true, path: only.path.join('.') }
  const list = known.length === 0 ? 'it has none' : `known are ${known.join(', ')}`
  return {
    ok: false,
    message: `\`${api}\` has no route \`${text}\`: ${list}`,
    known: routes.flatMap((route) => [route.eventName, nameOf(route)]),
  }
}

/** All routes of an api. */
export function routesOf(nodes: Nodes, api: string): readonly EventPlace[] {
  return eventsOf(nodes.functions).filter(({ event }) =>
    (eventEntry(event).references?.(event) ?? []).some(({ to, sections }) => {
      const resolution = resolveTarget(nodes, to, sections)
      return resolution.ok && resolution.node.section === 'apis' && resolution.node.name === api
    }),
  )
}
