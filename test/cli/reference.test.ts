import { expect, test } from 'vitest'
import { commandReferenceText } from '../../src/cli/command-reference.ts'

test('the committed page of the command line is what the commands say', async () => {
  await expect(await commandReferenceText()).toMatchFileSnapshot('../../docs/reference/cli.md')
})
