/** Writes the pages of `docs/reference` and the JSON Schema that editors read (`npm run reference`). */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attemptsReferenceText } from '../report/attempts-reference.ts'
import { metricsReferenceText } from '../report/metrics-reference.ts'
import { scenarioJsonSchemaText } from '../scenario/json-schema.ts'
import { nodeReferenceTexts } from '../scenario/node-reference.ts'
import { scenarioReferenceText } from '../scenario/reference.ts'
import { commandReferenceText } from './command-reference.ts'

const ROOT = new URL('../../', import.meta.url)

const PAGES = {
  'docs/reference/cli.md': await commandReferenceText(),
  'docs/reference/invocations.md': attemptsReferenceText(),
  'docs/reference/metrics.md': metricsReferenceText(),
  'docs/reference/scenario.md': scenarioReferenceText(),
  'scenarios/scenario.schema.json': scenarioJsonSchemaText(),
  ...Object.fromEntries(
    [...nodeReferenceTexts()].map(([file, text]) => [`docs/reference/${file}`, text]),
  ),
}

for (const [path, text] of Object.entries(PAGES)) {
  const file = fileURLToPath(new URL(path, ROOT))
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}
