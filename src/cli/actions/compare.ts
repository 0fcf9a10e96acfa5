import { basename } from 'node:path'
import { type Comparison, compareScenarios } from '../../experiment/compare.ts'
import { TraceError } from '../../model/traffic/traces/format.ts'
import { comparisonBlocks } from '../../report/comparison.ts'
import { comparisonCsv } from '../../report/csv.ts'
import { comparisonJson } from '../../report/json.ts'
import type { Arguments } from '../arguments.ts'
import { contenderOf, type Opened, openWithVariants, progressOverRuns } from '../contenders.ts'
import { EXIT_FINE, EXIT_INTERRUPTED, EXIT_INVALID, EXIT_THRESHOLD } from '../exit-code.ts'
import { type CommandIo, UsageError } from '../io.ts'
import { MOST_REPLICATIONS } from '../options.ts'
import { progressDisplay } from '../progress.ts'
import { type Report, showReport, stageReport, tellWritten } from '../report-output.ts'
import { changesOf, openNamed, type ScenarioChanges } from '../scenario-source.ts'
import { StagedFiles } from '../staged-files.ts'

const DEFAULT_REPLICATIONS = 5
/** Of the files. */
const NAME = 'comparison'

/** `spillway compare`: several scenarios on the same random numbers. */
export async function compareAction(args: Arguments, io: CommandIo): Promise<number> {
  const replications =
    args.wholeNumber('replications', 1, MOST_REPLICATIONS) ?? DEFAULT_REPLICATIONS
  const directory = args.text('out')
  if (directory === '-') {
    throw new UsageError(
      '--out - does not go with compare: --format csv writes its rows to standard output',
    )
  }
  const opened = await openContenders(args, io)
  if (opened === null) return EXIT_INVALID
  const staged = new StagedFiles(new Set(opened.flatMap(({ source }) => [...source.inputs])))
  try {
    const write = directory === undefined ? null : stageReport(directory, NAME, io, staged)
    const comparison = await compareShowing(opened, replications, args, io)
    const report = reportOf(comparison)
    const isWritten = write !== null && comparison.results.length > 0
    if (isWritten) write(report)
    showReport(report, args, io)
    if (isWritten) tellWritten(directory!, NAME, args, io)
    return exitCode(comparison, args.flag('strict'))
  } finally {
    staged.discard()
  }
}

/** null: some scenario is invalid, and standard error has been told every problem. */
async function openContenders(args: Arguments, io: CommandIo): Promise<readonly Opened[] | null> {
  const names = args.list('scenarios')
  if (names.includes('-')) throw new UsageError('compare reads each file several times: name files')
  const changes = await changesOf(args)
  if (names.length > 1) return openFiles(names, changes, io)
  const [file = ''] = names
  const opened = await openWithVariants(file, changes, io)
  if (opened?.length === 1) {
    throw new UsageError(
      `${file} has no variants to compare: write \`variants\` into it, or name a second file`,
    )
  }
  return opened
}

/** All with the seed of the first, so that they meet the same customers. */
async function openFiles(
  names: readonly string[],
  changes: ScenarioChanges,
  io: CommandIo,
): Promise<readonly Opened[] | null> {
  const opened: Opened[] = []
  let seed = changes.seed
  for (const name of names) {
    const source = await openNamed(name, { ...changes, seed }, io)
    if (source === null) continue
    seed ??= source.scenario.compiled.seed
    opened.push({ name: uniqueName(name, opened), variant: null, source })
  }
  return opened.length === names.length ? opened : null
}

function uniqueName(file: string, others: readonly Opened[]): string {
  const name = basename(file).replace(/\.ya?ml$/, '')
  const isTaken = (candidate: string) => others.some((other) => other.name === candidate)
  if (!isTaken(name)) return name
  let number = 2
  while (isTaken(`${name}-${number}`)) number++
  return `${name}-${number}`
}

async function compareShowing(
  opened: readonly Opened[],
  replications: number,
  args: Arguments,
  io: CommandIo,
): Promise<Comparison> {
  const display = progressDisplay(io, args.flag('quiet'))
  try {
    return await compareScenarios(opened.map(contenderOf), {
      replications,
      signal: io.signal,
      onProgress: progressOverRuns(display, replications, opened.length),
    })
  } catch (error) {
    // The trace was whole when it was checked, and has changed since.
    if (error instanceof TraceError) throw new UsageError(error.message)
    throw error
  } finally {
    display?.end()
  }
}

function reportOf(comparison: Comparison): Report {
  return {
    blocks: comparisonBlocks(comparison),
    csv: comparisonCsv(comparison.rows),
    json: comparisonJson(comparison),
  }
}

/** A threshold is crossed when no scenario meets all of its own. */
function exitCode({ status, advice }: Comparison, isStrict: boolean): number {
  if (status === 'interrupted') return EXIT_INTERRUPTED
  if (advice.meeting === null || advice.meeting.length > 0) return EXIT_FINE
  return advice.undecided.length > 0 && !isStrict ? EXIT_FINE : EXIT_THRESHOLD
}
