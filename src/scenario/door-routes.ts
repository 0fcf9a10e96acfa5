/** The routes of a front door: the events of functions and state machines that name it. */
import type { RouteConfig } from '../model/doors/protocol.ts'
import type { PathSegment } from './diagnostics.ts'
import { type Nodes, placedReferences, resolveTarget } from './nodes.ts'

export type RouteResolution =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly message: string; readonly known: readonly string[] }

interface RoutePlace {
  /** Whose event it is, and the event as the outputs call it: OWNER.EVENT. */
  readonly ownerName: string
  readonly eventName: string
  readonly name: string
  readonly route: RouteConfig
  readonly path: readonly PathSegment[]
}

/** The route of an api that `OWNER.EVENT`, or the event's name alone, means. */
export function routeOf(nodes: Nodes, api: string, text: string): RouteResolution {
  const routes = routesOf(nodes, api)
  const meant = routes.filter(({ eventName, name }) => eventName === text || name === text)
  const known = routes.map(({ name }) => name)
  const [only, second] = meant
  if (second !== undefined) {
    const spelled = meant.map(({ name }) => name).join(' or ')
    return { ok: false, message: `\`${text}\` is several routes: write ${spelled}`, known: [] }
  }
  if (only !== undefined) return { ok: true, path: only.path.join('.') }
  const list = known.length === 0 ? 'it has none' : `known are ${known.join(', ')}`
  return {
    ok: false,
    message: `\`${api}\` has no route \`${text}\`: ${list}`,
    known: routes.flatMap(({ eventName, name }) => [eventName, name]),
  }
}

/** All routes of an api. */
export function routesOf(nodes: Nodes, api: string): readonly RoutePlace[] {
  return placedReferences(nodes).flatMap(({ path, to, sections, sends }): RoutePlace[] => {
    if (sends || !sections.includes('apis')) return []
    const resolution = resolveTarget(nodes, to, sections)
    if (!resolution.ok || resolution.node.name !== api) return []
    const [section = '', ownerName = '', , eventName = ''] = path.map(String)
    const owner =
      section === 'functions'
        ? nodes.functions.get(ownerName)
        : nodes.resources.get(section as never)?.get(ownerName)
    const { events } = owner as { readonly events: Readonly<Record<string, RouteConfig>> }
    const name = `${ownerName}.${eventName}`
    return [{ ownerName, eventName, name, route: events[eventName]!, path: path.slice(0, 4) }]
  })
}
