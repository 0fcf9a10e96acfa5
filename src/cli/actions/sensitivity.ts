import {
  type Sensitivity,
  testAssumptions,
  type VariedContenders,
  variationsOf,
} from '../../experiment/sensitivity.ts'
import { TraceError } from '../../model/traffic/traces/format.ts'
import { sensitivityCsv } from '../../report/csv.ts'
import { sensitivityJson } from '../../report/json.ts'
import { sensitivityBlocks, sensitivityRows } from '../../report/sensitivity.ts'
import type { Arguments } from '../arguments.ts'
import { contenderOf, type Opened, openWithVariants, progressOverRuns } from '../contenders.ts'
import { EXIT_INTERRUPTED, EXIT_INVALID, thresholdExitCode } from '../exit-code.ts'
import { type CommandIo, UsageError } from '../io.ts'
import { MOST_REPLICATIONS } from '../options.ts'
import { progressDisplay } from '../progress.ts'
import { type Report, showReport, stageReport, tellWritten } from '../report-output.ts'
import { changesOf, type ScenarioChanges } from '../scenario-source.ts'
import { StagedFiles } from '../staged-files.ts'

/** Of the files. */
const NAME = 'sensitivity'

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
    const write = directory === undefined ? null : stageReport(directory, NAME, io, staged)
    const sensitivity = await testShowing(written, varied, replications, args, io)
    const report = reportOf(sensitivity)
    const isWritten = write !== null && sensitivity.asWritten !== null
    if (isWritten) write(report)
    showReport(report, args, io)
    if (isWritten) tellWritten(directory!, NAME, args, io)
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

function reportOf(sensitivity: Sensitivity): Report {
  return {
    blocks: sensitivityBlocks(sensitivity),
    csv: sensitivityCsv(sensitivityRows(sensitivity)),
    json: sensitivityJson(sensitivity),
  }
}

/** As of the run as written: what would flip is for a person to judge. */
function exitCode({ status, asWritten }: Sensitivity, isStrict: boolean): number {
  if (status === 'interrupted' || asWritten === null) return EXIT_INTERRUPTED
  return thresholdExitCode(asWritten.result, isStrict)
}
