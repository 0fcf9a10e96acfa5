import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { StagedFiles } from '../../src/cli/staged-files.ts'
import { inTemporaryDirectory } from './harness.ts'

describe('what has been written', () => {
  test('is taken back to where it was last kept, and written on from there', () =>
    inTemporaryDirectory(async (directory) => {
      const staged = new StagedFiles()
      const path = join(directory, 'rows.csv')
      const file = staged.stage(path, 'rows.csv')
      // More than one write to the file.
      const long = `${'x'.repeat(100_000)}\n`
      file.write(long)
      file.write('kept\n')
      file.keep()
      file.write('lost\n')
      file.write(long)
      file.takeBack()
      file.write('after\n')
      staged.commit()
      expect(readFileSync(path, 'utf8') === `${long}kept\nafter\n`).toBe(true)
    }))

  test('stays where it is no regular file', () => {
    const staged = new StagedFiles()
    const file = staged.stage('/dev/null', 'null')
    file.write('gone\n')
    expect(() => file.takeBack()).not.toThrow()
    staged.commit()
  })
})
