import { expect, test } from 'vitest'
import { METRICS } from '../../src/model/metrics/catalogue.ts'
import { metricsReferenceText } from '../../src/report/metrics-reference.ts'

test('the committed page of metrics is what the catalogue says', async () => {
  await expect(metricsReferenceText()).toMatchFileSnapshot('../../docs/reference/metrics.md')
})

test('every metric of the catalogue stands under each of its scopes', () => {
  const rows = metricsReferenceText()
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.split(' | ').length === 5)
  expect(rows).toHaveLength(METRICS.reduce((sum, { scopes }) => sum + scopes.length, 0))
})

test("of a table, the names that Kinesis has for streams are not CloudWatch's own", () => {
  const text = metricsReferenceText()
  const rowIn = (scope: string) =>
    text
      .split(`## Scope \`${scope}\``)[1]!
      .split('\n')
      .find((line) => line.startsWith('| `IncomingRecords`'))
  expect(rowIn('stream')).toContain('| yes |')
  expect(rowIn('table')).not.toContain('| yes |')
  expect(text.split('WriteProvisionedThroughputExceeded')).toHaveLength(2)
})
