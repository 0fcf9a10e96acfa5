/** Writes the pages of `docs/reference` and the JSON Schema that editors read (`npm run reference`). */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { metricsReferenceText } from '../report/metrics-reference.ts'
import { scenarioJsonSchemaText } from '../scenario/json-schema.ts'
import { scenarioReferenceText } from '../scenario/reference.ts'
import { commandReferenceText } from './command-reference.ts'

const ROOT = new URL('../../', import.meta.url)

const PAGES = {
  'docs/reference/cli.md': await commandReferenceText(),
  'docs/reference/metrics.md': metricsReferenceText(),
  'docs/reference/scenario.md': scenarioReferenceText(),
  'scenarios/scenario.schema.json': scenarioJsonSchemaText(),
}

for (const [path, text] of Object.entries(PAGES)) {
  await writeFile(fileURLToPath(new URL(path, ROOT)), text)
}
