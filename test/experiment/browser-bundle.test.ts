/** The library in a page: bundled for a browser, run where nothing of Node exists. */
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { simulate } from '../../src/index.ts'

const ENTRY = fileURLToPath(new URL('../../src/index.ts', import.meta.url))

const SCENARIO = `name: page
duration: 5m
account: { region: us-east-1, concurrentExecutions: 200 }
functions:
  api:
    runtime: nodejs22.x
    reservedConcurrentExecutions: 20
    provisionedConcurrentExecutions: 5
    handler: { duration: { lognormal: { median: 80ms, p99: 900ms } }, errorRate: 1% }
traffic:
  web: { to: api, stages: [{ for: 2m, rate: 50/s }, { for: 3m, rate: 50/s, rampTo: 400/s }] }
thresholds:
  - web.ClientLatency.p99 < 2s
`

async function bundle() {
  const { metafile, outputFiles } = await build({
    entryPoints: [ENTRY],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'spillway',
    metafile: true,
    logLevel: 'silent',
  })
  return { metafile, code: outputFiles[0]!.text }
}

test('the library runs in a page as in Node, and gives the same numbers to the last digit', async () => {
  const { metafile, code } = await bundle()
  const external = Object.values(metafile.inputs)
    .flatMap(({ imports }) => imports)
    // `<runtime>` is what esbuild puts in place of the require that a package asks for.
    .filter(({ external, path }) => external === true && path !== '<runtime>')
  expect(external).toEqual([])

  // Of a page only what the run needs: a timer and the text codecs. No process, no require.
  const page = createContext({ setTimeout, TextDecoder, TextEncoder })
  runInContext(code, page)
  const options = { replications: 2, seed: 'page' }
  const inPage = await runInContext(
    `spillway.simulate(${JSON.stringify(SCENARIO)}, ${JSON.stringify(options)})`,
    page,
  )
  const inNode = await simulate(SCENARIO, options)
  expect(JSON.parse(JSON.stringify(inPage))).toEqual(JSON.parse(JSON.stringify(inNode)))
  expect(inNode.throttles.length).toBeGreaterThan(0)
})

test('a scenario that a page may not read a file for says so', async () => {
  const { code } = await bundle()
  const page = createContext({ setTimeout, TextDecoder, TextEncoder })
  runInContext(code, page)
  const scenario = SCENARIO.replace(/stages: .+\}/, 'process: trace, trace: visits.csv }')
  const message = await runInContext(
    `spillway.simulate(${JSON.stringify(scenario)}).then(() => 'ran', (error) => error.name + ': ' + error.message)`,
    page,
  )
  expect(message).toMatch(/^ScenarioError: scenario:\d+:\d+: .*no files were given/)
})
