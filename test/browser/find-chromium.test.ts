import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryDirectory } from '../cli/harness.ts'
import { findChromium } from './find-chromium.ts'

test('a Chromium in the PATH is found, and one that is named comes first', async () => {
  await inTemporaryDirectory(async (directory) => {
    const path = join(directory, 'chromium')
    writeFileSync(path, '')
    expect(findChromium({ PATH: directory })).toBe(null)
    chmodSync(path, 0o755)
    expect(findChromium({ PATH: `/nowhere:${directory}` })).toBe(path)
    expect(findChromium({ PATH: directory, SPILLWAY_CHROMIUM: process.execPath })).toBe(
      process.execPath,
    )
  })
})

test('a missing Chromium is an error where one is required, and else it is not', () => {
  expect(findChromium({ PATH: '/nowhere' })).toBe(null)
  expect(() => findChromium({ PATH: '/nowhere', SPILLWAY_BROWSER: 'required' })).toThrow(
    'SPILLWAY_BROWSER=required, but there is no /nowhere/chromium,',
  )
})
