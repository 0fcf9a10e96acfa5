/**
 * Does every version of Node.js compute the same bytes? Runs the built command line in each of them
 * and compares what it writes and shows, and what each distribution draws, with this version's.
 *
 *   npm run compare-node                      the oldest supported version, and later ones
 *   npm run compare-node -- 22.4.1 ~/my/node  versions, or programs that are there already
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTemporaryDirectory } from '../cli/harness.ts'
import { PLAYS } from '../support/plays.ts'
import { type Engine, engineOf, ROOT, thisEngine, withoutCompilers } from './engines.ts'
import { bundleDraws, firstDifference, playIn, run, type Written } from './outputs.ts'

const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const OLDEST_SUPPORTED: string = engines.node.replace('>=', '')
const VERSIONS = [OLDEST_SUPPORTED, '22', '24', '26']

const wanted = process.argv.slice(2)
await inTemporaryDirectory(async (directory) => {
  const drawing = join(directory, 'draws.mjs')
  await bundleDraws(drawing)
  const everythingOf = (engine: Engine): Written =>
    new Map([
      ['draws.json', run(engine, [drawing], directory)],
      ...PLAYS.flatMap((play) => playIn(engine, play, directory)),
    ])

  const here = thisEngine()
  const expected = everythingOf(here)
  expected.set('draws.json', readFileSync(join(ROOT, 'test/golden/draws.json')))
  let bytes = 0
  for (const content of expected.values()) bytes += content.length
  console.log(
    `Compared with ${here.name}: ${PLAYS.length} scenarios and the committed table of draws, ` +
      `${expected.size} outputs of ${bytes.toLocaleString('en')} bytes.`,
  )

  const compare = (engine: Engine) => {
    const difference = firstDifference(expected, everythingOf(engine))
    console.log(difference === null ? `✓ ${engine.name}` : `✗ ${engine.name}: ${difference}`)
    if (difference !== null) process.exitCode = 1
  }
  compare(here)
  compare(withoutCompilers(here))
  for (const each of wanted.length > 0 ? wanted : VERSIONS) {
    await inTemporaryDirectory(async (place) => compare(engineOf(each, place)))
  }
})
