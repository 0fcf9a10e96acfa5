import { expect, test } from 'vitest'
import { attemptsReferenceText } from '../../src/report/attempts-reference.ts'

test('the committed page of the invocations file is what its columns say', async () => {
  await expect(attemptsReferenceText()).toMatchFileSnapshot('../../docs/reference/invocations.md')
})
