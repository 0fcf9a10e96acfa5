import { join, resolve } from 'node:path'
import {
  type Sensitivity,
  testAssumptions,
  type VariedContenders,
  variationsOf,
} from '../../experiment/sensitivity.ts'
import { TraceError } from '../../model/traffic/traces/format.ts'
import { sensitivityCsv } from '../../report/csv.ts'
import { sensitivityJson } from '../../report/json.ts'
import { renderMarkdown } from '../../report/markdown.ts'
import { sensitivityBlocks, sensitivityRows } from '../../report/sensitivity.ts'
import { renderText } from '../../report/text.ts'
import type { Arguments } from '../arguments.ts'
import { contenderOf, type Opened, openWithVariants, progressOverRuns } from '../contenders.ts'
import { EXIT_INTERRUPTED, EXIT_INVALID, thresholdExitCode } from '../exit-code.ts'
import { type CommandIo, UsageError } from '../io.ts'
import { MOST_REPLICATIONS } from '../options.ts'
import { progressDisplay } from '../progress.ts'
import { changesOf, type ScenarioChanges } from '../scenario-source.ts'
import { StagedFiles } from '../staged-files.ts'
import { paintFor, textWidth } from '../terminal.ts'

/** `spillway run --sensitivity`: the scenario, and each alternative of each of its assumptions. */
export async function sensitivityAction(args: Arguments, io: CommandIo): Promise<number> {
  refuseRunOptions(args)
  const replications = args.wholeNumber('replications', 1, MOST_REPLICATIONS) ?? 1
  const directory = args.text('out')
  const file = args.positional('scenario') ?? ''
  const changes = await changesOf(args)
  const written = await openWithVariants(file, changes, io)
  if (written === null) return EXIT_INVALID
  const varied = await openVaried(written, file, changes, io)
  if (varied === null) return EXIT_INVALID
  const staged = new StagedFiles(new Set(written.flatMap(({ source }) => [...source.inputs])))
  try {
    const files = directory === undefined ? null : stageFiles(directory, io, staged)
    const sensitivity = await testShowing(written, varied, replications, args, io)
    const isShown = sensitivity.asWritten !== null
    if (files !== null && isShown) {
      files.csv.write(sensitivityCsv(sensitivityRows(sensitivity)))
      files.json.write(sensitivityJson(sensitivity))
      files.markdown.write(renderMarkdown(sensitivityBlocks(sensitivity)))
      staged.commit()
    }
    show(sensitivity, args, io)
    if (directory !== undefined && isShown && !args.flag('quiet')) {
      io.stderr.write(
        `Wrote sensitivity.csv, sensitivity.json and sensitivity.md to ${directory}\n`,
      )
    }
    return exitCode(sensitivity, args.flag('strict'))
  } finally {
    staged.discard()
  }
}

/** What only one run has, or can be read once. */
function refuseRunOptions(args: Arguments): void {
  const refuse = (what: string, instead: string): never => {
    throw new UsageError(`${what} does not go with --sensitivity: ${instead}`)
  }
  if (args.positional('scenario') === '-') {
    refuse('standard input', 'it reads the scenario several times, so name a file')
  }
  if (args.text('out') === '-') refuse('--out -', '--format csv writes its rows to standard output')
  if (args.text('invocations') !== undefined) {
    refuse('--invocations', 'run once more without it for the attempts')
  }
  if (args.text('metrics') === 'all') refuse('--metrics all', 'it writes no metrics.csv')
  if (args.text('statistics') === 'all') refuse('--statistics all', 'it writes no metrics.csv')
}

/** null: an alternative does not go with the scenario, and standard error has been told why. */
async function openVaried(
  written: readonly Opened[],
  file: string,
  changes: ScenarioChanges,
  io: CommandIo,
): Promise<readonly VariedContenders[] | null> {
  const varied: VariedContenders[] = []
  for (const variation of variationsOf(written[0]!.source.scenario.compiled.assumptions)) {
    // JSON is YAML, so a value of any shape goes where a person's `--set` goes.
    const set = Object.entries(variation.set).map(
      ([path, value]) => `${path}=${JSON.stringify(value)}`,
    )
    const opened = await openWithVariants(file, { ...changes, set: [...changes.set, ...set] }, io)
    if (opened === null) return null
    varied.push({ variation, contenders: opened.map(contenderOf) })
  }
  return varied
}

async function testShowing(
  written: readonly Opened[],
  varied: readonly VariedContenders[],
  replications: number,
  args: Arguments,
  io: CommandIo,
): Promise<Sensitivity> {
  const display = progressDisplay(io, args.flag('quiet'))
  const runs = written.length * (varied.length + 1)
  try {
    return await testAssumptions(written.map(contenderOf), varied, {
      replications,
      signal: io.signal,
      onProgress: progressOverRuns(display, replications, runs),
    })
  } catch (error) {
    // The trace was whole when it was checked, and has changed since.
    if (error instanceof TraceError) throw new UsageError(error.message)
    throw error
  } finally {
    display?.end()
  }
}

function stageFiles(directory: string, io: CommandIo, staged: StagedFiles) {
  staged.useDirectory(resolve(io.cwd, directory), directory)
  const stage = (name: string) =>
    staged.stage(resolve(io.cwd, directory, name), join(directory, name))
  return {
    csv: stage('sensitivity.csv'),
    json: stage('sensitivity.json'),
    markdown: stage('sensitivity.md'),
  }
}

function show(sensitivity: Sensitivity, args: Arguments, io: CommandIo): void {
  const blocks = sensitivityBlocks(sensitivity)
  switch (args.text('format')) {
    case 'csv':
      io.stdout.write(sensitivityCsv(sensitivityRows(sensitivity)))
      break
    case 'json':
      io.stdout.write(sensitivityJson(sensitivity))
      break
    case 'markdown':
      io.stdout.write(renderMarkdown(blocks))
      break
    default:
      io.stdout.write(
        renderText(blocks, paintFor(io.stdout, io, args.flag('color')), textWidth(io.stdout)),
      )
  }
}

/** As of the run as written: what would flip is for a person to judge. */
function exitCode({ status, asWritten }: Sensitivity, isStrict: boolean): number {
  if (status === 'interrupted' || asWritten === null) return EXIT_INTERRUPTED
  return thresholdExitCode(asWritten.result, isStrict)
}
