import { constants } from 'node:fs'
import { access, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listed } from '../../report/phrase.ts'
import { nearest } from '../../scenario/diagnostics.ts'
import type { Arguments } from '../arguments.ts'
import { EXIT_FINE } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'
import { UsageError } from '../io.ts'
import { fileFault, nodeFiles } from '../node-files.ts'

/** The teaching scenarios are the templates; they stand beside the program, built or not. */
const TEMPLATES = fileURLToPath(new URL('../../../scenarios/', import.meta.url))
const EXTENSION = '.yaml'
const SCHEMA_FILE = 'scenario.schema.json'

/** `spillway init`: a scenario to start from, and the schema with which editors help. */
export async function initAction(args: Arguments, io: CommandIo): Promise<number> {
  const names = await templateNames()
  if (args.flag('list')) {
    const width = Math.max(...names.map((name) => name.length))
    for (const name of names) io.stdout.write(`${name.padEnd(width)}  ${await story(name)}\n`)
    return EXIT_FINE
  }
  const template = args.positional('template') ?? 'hello'
  if (!names.includes(template)) {
    const suggestion = nearest(template, names)
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`
    throw new UsageError(`there is no template ${template}${hint}\ntemplates: ${listed(names)}`)
  }
  const target = `${template}${EXTENSION}`
  const text = await readTemplate(target)
  await writeNew(join(io.cwd, target), target, text)
  const { files, hasVariants } = await contentsOf(text, target)
  for (const name of files) await copyBeside(name, io.cwd)
  await writeSchemaBeside(io.cwd)
  const commands = ['explain', 'run', ...(hasVariants ? ['compare'] : [])]
  const next = commands.map((command) => `  spillway ${command} ${target}\n`)
  io.stdout.write(`Wrote ${target}. Next:\n${next.join('')}`)
  return EXIT_FINE
}

async function templateNames(): Promise<string[]> {
  const files = await readdir(TEMPLATES)
  return files
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort((a, b) => Number(b === 'hello') - Number(a === 'hello') || (a < b ? -1 : 1))
}

function readTemplate(fileName: string): Promise<string> {
  return readFile(join(TEMPLATES, fileName), 'utf8')
}

/** The first line of a scenario's story, from the comment that opens it. */
async function story(name: string): Promise<string> {
  const text = await readTemplate(`${name}${EXTENSION}`)
  return /^# Story: *(.+)$/m.exec(text)?.[1] ?? ''
}

async function writeNew(path: string, shownAs: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' })
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST'
    throw new UsageError(
      exists
        ? `${shownAs} exists already, and init never overwrites`
        : `cannot write ${shownAs}: ${fileFault(error)}`,
    )
  }
}

interface TemplateContents {
  /** The traces and tables that it reads: without them it could not run elsewhere. */
  readonly files: ReadonlySet<string>
  readonly hasVariants: boolean
}

async function contentsOf(text: string, fileName: string): Promise<TemplateContents> {
  const { loadScenario } = await import('../../scenario/load.ts')
  const files = nodeFiles(TEMPLATES)
  const named = new Set<string>()
  const loaded = await loadScenario({
    text,
    fileName,
    files: {
      readText: (path) => {
        named.add(path)
        return files.readText(path)
      },
      readChunks: (path) => {
        named.add(path)
        return files.readChunks(path)
      },
    },
  })
  const hasVariants = loaded.ok && Object.keys(loaded.scenario.variants).length > 0
  return { files: named, hasVariants }
}

/** Under the same relative name; one that is there already stays. */
async function copyBeside(name: string, directory: string): Promise<void> {
  const target = join(directory, name)
  try {
    await mkdir(dirname(target), { recursive: true })
    await copyFile(join(TEMPLATES, name), target, constants.COPYFILE_EXCL)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw new UsageError(`cannot write ${name}: ${fileFault(error)}`)
  }
}

/** What a scenario's first line names; an existing one stays. */
async function writeSchemaBeside(directory: string): Promise<void> {
  const path = join(directory, SCHEMA_FILE)
  try {
    await access(path)
  } catch {
    const { scenarioJsonSchemaText } = await import('../../scenario/json-schema.ts')
    await writeNew(path, SCHEMA_FILE, scenarioJsonSchemaText())
  }
}
