/**
 * Every fenced block of the documentation is held to what it says: scenarios are valid, commands
 * run, and the `text` after a command or a program is what it prints. UPDATE_DOCUMENTATION=1 writes
 * those texts anew.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { flashSalePicture } from '../scripts/flash-sale-picture.ts'
import { nodeFiles } from '../src/cli/node-files.ts'
import { simulate } from '../src/index.ts'
import { EVENT_SOURCES } from '../src/model/invocation/event-sources.ts'
import { call, inTemporaryDirectory } from './cli/harness.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const IS_UPDATE = process.env.UPDATE_DOCUMENTATION === '1'
const SMALLEST = {
  name: 'smallest',
  duration: '1m',
  account: { region: 'us-east-1' },
  functions: { hello: { runtime: 'nodejs22.x', handler: { duration: '50ms' } } },
  traffic: { visitors: { to: 'hello', rate: '20/s' } },
}

interface Block {
  readonly language: string
  readonly text: string
  /** Of the block's first line within the page, from 0. */
  readonly line: number
}

const PAGES = ['README.md', 'CHANGELOG.md', ...pagesBelow('docs'), ...pagesBelow('scenarios')]
PAGES.push('results/README.md')

function pagesBelow(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${directory}/${name}`)
    .sort()
}

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

function blocksOf(page: string): Block[] {
  const lines = read(page).split('\n')
  const blocks: Block[] = []
  let start = -1
  for (const [index, line] of lines.entries()) {
    if (!line.startsWith('```')) continue
    if (start < 0) start = index
    else {
      const text = lines.slice(start + 1, index).join('\n')
      blocks.push({ language: lines[start]!.slice(3), text, line: start + 1 })
      start = -1
    }
  }
  return blocks
}

/** The `text` that follows block `index`, or null. */
function shownOutput(blocks: readonly Block[], index: number): string | null {
  const next = blocks[index + 1]
  return next?.language === 'text' ? next.text : null
}

/** A line that stands for lines of the output. */
const LEFT_OUT = '...'

/** What is shown between lines left out stands in the output, in this order. */
function expectParts(shown: string, output: string): void {
  let from = 0
  for (const part of `${shown}\n`.split(`${LEFT_OUT}\n`)) {
    const at = output.indexOf(part, from)
    expect(at, part).toBeGreaterThanOrEqual(0)
    from = at + part.length
  }
}

function expectOutput(page: string, blocks: readonly Block[], index: number, output: string): void {
  const shown = shownOutput(blocks, index)
  if (shown === null) return
  if (shown.split('\n').includes(LEFT_OUT)) {
    expectParts(shown, output)
    return
  }
  if (IS_UPDATE) {
    const lines = read(page).split('\n')
    const { line } = blocksOf(page)[index + 1]!
    lines.splice(line, lines.indexOf('```', line) - line, ...output.trimEnd().split('\n'))
    writeFileSync(join(ROOT, page), lines.join('\n'))
  } else expect(`${shown}\n`).toBe(output)
}

const SCRIPTS = Object.keys(JSON.parse(read('package.json')).scripts)

/** Runs `npx spillway ...`; of other commands it checks that they exist. */
async function runCommand(directory: string, command: string): Promise<string> {
  const words = command.replace(/^[A-Z_]+=\S+ /, '').split(/\s+/)
  if (words[0] === 'npx' && words[1] === 'spillway') {
    const { exitCode, stdout, stderr } = await call(directory, words.slice(2))
    expect(exitCode, `${command}\n${stderr}`).toBe(0)
    return stdout
  }
  if (words[0] === 'npx') {
    const tool = words[1] === 'tsx' ? words[2]! : `node_modules/.bin/${words[1]}`
    expect(existsSync(join(ROOT, tool)), command).toBe(true)
  } else if (words.join(' ') !== 'npm ci') {
    expect(words[0]).toBe('npm')
    expect(SCRIPTS, command).toContain(words[1] === 'run' ? words[2] : words[1])
  }
  return ''
}

async function checkCommands(page: string, blocks: readonly Block[], index: number): Promise<void> {
  const commands = blocks[index]!.text.split('\n').flatMap((line) => line.split(' && '))
  await inTemporaryDirectory(async (directory) => {
    cpSync(join(ROOT, 'scenarios'), join(directory, 'scenarios'), { recursive: true })
    const outputs: string[] = []
    for (const command of commands) outputs.push(await runCommand(directory, command))
    expectOutput(page, blocks, index, outputs.join(''))
  })
}

/** A part of a scenario is laid over the smallest one; a whole one has a name. */
async function checkScenario(block: Block): Promise<void> {
  const isWhole = /^name:/m.test(block.text)
  const scenario = isWhole ? block.text : { ...SMALLEST, ...parse(block.text) }
  const files = nodeFiles(join(ROOT, 'scenarios'))
  await simulate(scenario, isWhole ? { files } : { files, set: ['duration=1m'] })
}

/** Runs a program in this process, with the library's source in place of the package. */
async function checkProgram(page: string, blocks: readonly Block[], index: number): Promise<void> {
  const directory = mkdtempSync(join(ROOT, 'node_modules', '.documentation-'))
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)))
  try {
    const program = join(directory, 'program.ts')
    const library = pathToFileURL(join(ROOT, 'src', 'index.ts')).pathname
    writeFileSync(program, blocks[index]!.text.replaceAll("'spillway'", `'${library}'`))
    await import(program)
  } finally {
    log.mockRestore()
    rmSync(directory, { recursive: true })
  }
  expectOutput(page, blocks, index, `${lines.join('\n')}\n`)
}

describe.each(PAGES)('%s', (page) => {
  const blocks = blocksOf(page)
  const cases = blocks.map((block, index) => ({ ...block, index, at: `line ${block.line}` }))

  test.each(cases.filter(({ language }) => language === 'sh'))(
    'runs the commands at $at',
    (block) => checkCommands(page, blocks, block.index),
  )

  test.each(cases.filter(({ language }) => language === 'yaml'))(
    'shows a valid scenario at $at',
    (block) => checkScenario(block),
  )

  test.each(cases.filter(({ language }) => language === 'js'))('runs the program at $at', (block) =>
    checkProgram(page, blocks, block.index),
  )

  test('has only blocks that are checked', () => {
    const known = ['sh', 'yaml', 'js', 'text']
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([])
  })

  test('links to files that exist', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)]
    const missing = links
      .map(([, target]) => join(ROOT, dirname(page), target!))
      .filter((path) => !existsSync(path))
    expect(missing).toEqual([])
  })
})

test('the picture of the flash sale is drawn from its results', () => {
  expect(read('docs/images/flash-sale.svg')).toBe(
    flashSalePicture(read('results/flash-sale/metrics.csv')),
  )
})

test('README quotes the comparison with the measurements of 2020', () => {
  const validation = read('results/validation/lambda-2020.md').replace(/\s+/g, ' ')
  const errors = (model: string) => {
    const row = validation.slice(validation.indexOf(`| ${model}`))
    const cells = row.split('|').map((cell) => cell.trim())
    return [cells[2], cells[5]]
  }
  const [cold, instances] = errors('the preset of 2020, hand-over of waiting requests')
  const [usualCold, usualInstances] = errors('each environment idle for 600 s, no lifetime')
  const [, otherCold, otherInstances] =
    /erred by ([\d.]+%) \(cold starts\) and ([\d.]+%) \(instances\)/.exec(validation) ?? []
  const readme = read('README.md').replace(/\s+/g, ' ')
  expect(readme).toContain(
    `errs by ${cold} in the probability of a cold start and by ${instances} in the number of environments`,
  )
  expect(readme).toContain(`it erred by ${otherCold} and ${otherInstances}`)
  expect(readme).toContain(
    `ten idle minutes and nothing else, errs by ${usualCold} and ${usualInstances}`,
  )
})

test('README has a row for each type of event, which leads to its page', () => {
  const rows = [
    ...read('README.md').matchAll(/^\| \[`([a-z0-9-]+)`\]\(docs\/reference\/events\/(.*?)\.md\)/gm),
  ]
  expect(rows.map(([, type]) => type)).toEqual(EVENT_SOURCES.map(({ kind }) => kind))
  expect(rows.map(([, , page]) => page)).toEqual(EVENT_SOURCES.map(({ kind }) => kind))
})

test('README opens with the two commands that a newcomer needs', () => {
  expect(blocksOf('README.md')[0]!.text.split('\n')).toEqual([
    'npm ci && npx spillway run scenarios/flash-sale.yaml',
    'npm ci && npm test',
  ])
})

test('npm ci accepts the lock file: each optional package has an entry', () => {
  const packages: Record<string, { optionalDependencies?: Record<string, string> }> = JSON.parse(
    read('package-lock.json'),
  ).packages
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
  expect(missing).toEqual([])
})
