import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { scenarioJsonSchemaText } from '../../src/scenario/json-schema.ts'
import { nodeReferenceTexts } from '../../src/scenario/node-reference.ts'
import { scenarioReferenceText } from '../../src/scenario/reference.ts'

test('the committed JSON Schema is what the schema says', async () => {
  await expect(scenarioJsonSchemaText()).toMatchFileSnapshot('../../scenarios/scenario.schema.json')
})

test('the committed reference page is what the schema says', async () => {
  await expect(scenarioReferenceText()).toMatchFileSnapshot('../../docs/reference/scenario.md')
})

test.each([...nodeReferenceTexts()])(
  'the committed page %s is what the schema says',
  async (file, text) => {
    await expect(text).toMatchFileSnapshot(`../../docs/reference/${file}`)
  },
)

test('every key of an event or a resource has a description', () => {
  const rows = [...nodeReferenceTexts().values()]
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith('| `') && line.split(' | ').length === 5)
  expect(rows.filter((line) => line.split(' | ')[3]?.trim() === '')).toEqual([])
  expect(rows.length).toBeGreaterThan(60)
})

test('every key of an event names the source of what it says', () => {
  const rows = [...nodeReferenceTexts()]
    .filter(([file]) => file.startsWith('events/'))
    .flatMap(([, text]) => text.split('\n'))
    .filter((line) => /^\| `(?!type`)/.test(line))
  expect(rows.filter((line) => line.endsWith('|  |'))).toEqual([])
  expect(rows.length).toBeGreaterThan(60)
})

test('the files that editors and readers use are committed', async () => {
  for (const path of ['scenarios/scenario.schema.json', 'docs/reference/scenario.md']) {
    const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')
    expect(text.length, path).toBeGreaterThan(1_000)
  }
})

test('every key of the reference page has a description', () => {
  const rows = scenarioReferenceText()
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.split(' | ').length === 5)
  const undescribed = rows.filter((line) => line.split(' | ')[3]?.trim() === '')
  expect(undescribed).toEqual([])
  expect(rows.length).toBeGreaterThan(40)
})
