/** A page of the reference for each type of event and each section of resources. */
import { EVENT_SOURCES } from '../model/invocation/event-sources.ts'
import { RESOURCES } from '../model/resources/index.ts'
import { annotatedJsonSchema, type JsonSchema } from './json-schema.ts'
import { Page } from './reference-page.ts'
import { settablePatterns } from './settable.ts'

interface NodeSchema {
  /** `events/sqs.md`, below `docs/reference`. */
  readonly file: string
  readonly schema: JsonSchema
}

/** The schemas of the events in the whole schema, by their pages. */
export function eventSchemas(root: JsonSchema): readonly NodeSchema[] {
  const events = named(named(root.properties?.functions)?.properties?.events)
  return EVENT_SOURCES.map(({ kind }) => {
    const schema = [...(events?.oneOf ?? []), ...(events?.anyOf ?? [])].find(
      ({ properties }) => properties?.type?.const === kind,
    )
    if (schema === undefined) throw new RangeError(`the schema has no event ${kind}`)
    return { file: `events/${kind}.md`, schema }
  })
}

/** The schemas of the resources in the whole schema, by their pages. */
export function resourceSchemas(root: JsonSchema): readonly NodeSchema[] {
  return RESOURCES.map(({ section }) => {
    const schema = named(root.properties?.[section])
    if (schema === undefined) throw new RangeError(`the schema has no ${section}`)
    return { file: `resources/${section}.md`, schema }
  })
}

/** The schema of the values of a map by name. */
function named(schema: JsonSchema | undefined): JsonSchema | undefined {
  const inner = schema?.additionalProperties
  return typeof inner === 'object' ? inner : undefined
}

export function nodePageLink(file: string): string {
  return `[${file.replace(/^.*\//, '').replace('.md', '')}](${file})`
}

/** Every page of `docs/reference/events` and `docs/reference/resources`: its text by its file. */
export function nodeReferenceTexts(): ReadonlyMap<string, string> {
  const root = annotatedJsonSchema()
  const events = eventSchemas(root).map(({ file, schema }, index): [string, string] => {
    const { kind, summary, model, commands, firings } = EVENT_SOURCES[index]!
    const path = 'functions.NAME.events.NAME'
    const invocation =
      model === 'polling'
        ? 'Lambda polls for it and invokes the function synchronously with batches.'
        : model === 'synchronous'
          ? firings === undefined
            ? 'Requests that come to the api invoke the function and wait for its answer.'
            : 'It invokes the function synchronously, and does not retry.'
          : "It is queued as one of the function's asynchronous events."
    return [
      file,
      pageText(`Event type \`${kind}\``, [summary, invocation], {
        path,
        schema,
        commands,
        settable: EVENT_SOURCES[index]!.settable?.map((key) => `${path}.${key}`),
      }),
    ]
  })
  const resources = resourceSchemas(root).map(({ file, schema }, index): [string, string] => {
    const { section, summary, commands } = RESOURCES[index]!
    return [
      file,
      pageText(`Section \`${section}\``, [summary], {
        path: `${section}.NAME`,
        schema,
        commands,
        settable: settablePatterns().filter((pattern) => pattern.startsWith(`${section}.`)),
        initial: named(root.properties?.initial?.properties?.[section]),
      }),
    ]
  })
  return new Map([...events, ...resources])
}

interface PageParts {
  readonly path: string
  readonly schema: JsonSchema
  readonly commands: Readonly<Record<string, { readonly summary: string }>> | undefined
  readonly settable: readonly string[] | undefined
  readonly initial?: JsonSchema | undefined
}

function pageText(
  title: string,
  sentences: readonly string[],
  { path, schema, commands = {}, settable = [], initial }: PageParts,
): string {
  const page = new Page()
  page.node(path, schema)
  if (initial !== undefined) {
    page.section(`initial.${path}`, `initial.${path}`, {
      ...initial,
      description: initial.description ?? 'What is there at the start.',
    })
  }
  const verbs = Object.entries(commands).map(
    ([verb, { summary }]) => `- \`{ at: 10m, ${verb}: NAME }\`: ${summary}`,
  )
  const lines = [
    `# ${title}`,
    '',
    '<!-- Generated from the schema. A test compares the two; `npx vitest run test/scenario -u` writes it anew. -->',
    '',
    ...sentences,
    '',
    ...page.lines,
    ...(settable.length === 0
      ? []
      : ['## What `timeline` may set', '', ...settable.map((key) => `- \`${key}\``), '']),
    ...(verbs.length === 0 ? [] : ['## What `timeline` may do', '', ...verbs, '']),
    'Distributions and the notation of values: [scenario reference](../scenario.md).',
  ]
  return `${lines.join('\n').trimEnd()}\n`
}
