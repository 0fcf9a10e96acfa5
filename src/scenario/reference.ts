/** The reference page of the scenario format, generated from the schema. */
import { DEPLOYMENT_STRATEGIES } from '../model/compute/deployment-strategies.ts'
import { distributions } from '../model/distributions/index.ts'
import { annotatedJsonSchema, type JsonSchema } from './json-schema.ts'
import { eventSchemas, nodePageLink, resourceSchemas } from './node-reference.ts'
import { cell, Page } from './reference-page.ts'
import { settablePatterns } from './settable.ts'

/** The content of `docs/reference/scenario.md`. */
export function scenarioReferenceText(): string {
  const page = new Page()
  const root = annotatedJsonSchema()
  const linked = [...eventSchemas(root), ...resourceSchemas(root)]
  for (const { schema, file } of linked) page.leaveOut(schema, nodePageLink(file))
  page.section('', 'Top level', root)
  const lines = [
    '# Scenario reference',
    '',
    '<!-- Generated from the schema. A test compares the two; `npx vitest run test/scenario -u` writes it anew. -->',
    '',
    'A scenario is a YAML map. Unknown keys are errors, and every value carries its unit: durations `250ms`, `12m30s`, `6h`; rates `200/s`, `12/min`; shares `0.2%`; memory `512`, `512MB`, `1GB`. A key without a default is required. `NAME` stands for a name of your choice: a letter, then up to 63 letters, digits, `-` or `_`.',
    '',
    ...page.lines,
    ...distributionLines(root),
    ...timelineLines(),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function distributionLines(root: JsonSchema): readonly string[] {
  const duration = root.properties?.functions?.additionalProperties
  const handler = typeof duration === 'object' ? duration.properties?.handler : undefined
  const families = handler?.properties?.duration?.anyOf ?? []
  const lines = [
    '## Distributions',
    '',
    'A bare value is constant. Otherwise one family with its options: `{ lognormal: { median: 40ms, p99: 200ms } }`.',
    '',
    '| family | options | meaning |',
    '|---|---|---|',
  ]
  for (const { kind, summary } of distributions) {
    const family = families.find(({ properties }) => properties?.[kind] !== undefined)
    const options = Object.keys(family?.properties?.[kind]?.properties ?? {})
    const list = options.map((option) => `\`${option}\``).join(', ')
    lines.push(`| \`${kind}\` | ${list} | ${cell(summary)} |`)
  }
  return [...lines, '']
}

function timelineLines(): readonly string[] {
  return [
    '## What `timeline` may set',
    '',
    ...settablePatterns().map((pattern) => `- \`${pattern}\``),
    '',
    'A setting of `null` takes reserved concurrency away. After each change the scenario has to be valid as it then reads.',
    '',
    '## Deployment strategies',
    '',
    '| strategy | shares of traffic on the new version |',
    '|---|---|',
    ...DEPLOYMENT_STRATEGIES.map(({ name, shifts }) => {
      const steps = shifts.map(
        ({ afterUs, share }) => `${Math.round(share * 100)}% after ${afterUs / 60_000_000} min`,
      )
      const shown = steps.length > 3 ? [...steps.slice(0, 2), '...', ...steps.slice(-1)] : steps
      return `| \`${name}\` | ${shown.join(', ')} |`
    }),
    '',
  ]
}
