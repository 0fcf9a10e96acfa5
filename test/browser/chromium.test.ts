/** A real Chromium computes the same bytes as Node. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import { OUTPUT_FILES, PLAYS, wordsOf } from '../support/plays.ts'
import { findChromium } from './find-chromium.ts'

const SCENARIOS = fileURLToPath(new URL('../../scenarios', import.meta.url))
const COMMITTED_DRAWS = new URL('../golden/draws.json', import.meta.url)

const executable = findChromium(process.env)
if (executable === null) {
  console.warn(
    'Chromium is not compared with Node: there is none on this machine. Install the package ' +
      'chromium of your system, or name one in SPILLWAY_CHROMIUM.',
  )
}

/** In the page: what `in-page.ts` exports. */
declare const inPage: typeof import('./in-page.ts')

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('in-page.ts', import.meta.url))],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'inPage',
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

const read = (path: string) => readFileSync(join(SCENARIOS, path), 'utf8')

describe.skipIf(executable === null)('in Chromium', () => {
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executable!,
      args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    })
    page = await browser.newPage()
    await page.addScriptTag({ content: await bundle() })
  })

  afterAll(() => browser?.close())

  test('every distribution draws the committed values, bit for bit', async () => {
    const drawn = await page.evaluate(() => inPage.goldenTableText())
    expect(drawn).toBe(readFileSync(COMMITTED_DRAWS, 'utf8'))
  })

  test.each(PLAYS)('$scenario gives the files of the command line: $kind', async (play) => {
    const yaml = `${play.scenario}.yaml`
    const files = Object.fromEntries((play.files ?? []).map((path) => [path, read(path)]))
    const given = [play, read(yaml), files] as const
    const ofPage = await page.evaluate((words) => inPage.play(...words), given)
    await inTemporaryDirectory(async (cwd) => {
      const outcome = await call(cwd, wordsOf(play, join(SCENARIOS, yaml), 'out'))
      expect(outcome.exitCode, outcome.stderr).toBe(0)
      for (const name of OUTPUT_FILES) {
        expect(ofPage[name], name).toBe(readFileSync(join(cwd, 'out', name), 'utf8'))
      }
    })
    expect(ofPage['run.json']).toMatch(/"fingerprint": "[0-9a-f]{16}/)
  })
})
