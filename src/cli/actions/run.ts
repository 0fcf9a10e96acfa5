import { dirname, join, resolve } from 'node:path'
import type { MetricRow, RunResult } from '../../experiment/result.ts'
import { runScenario } from '../../experiment/run.ts'
import { formatDuration } from '../../kernel/time.ts'
import type { AttemptRow } from '../../model/attempt-log.ts'
import type { CompiledScenario } from '../../model/compiled-scenario.ts'
import { TraceError } from '../../model/traffic/traces/format.ts'
import { attemptColumns, attemptCsvLines } from '../../report/attempts-csv.ts'
import { costCsv, csvHeader, ledgerCsv, summaryCsv } from '../../report/csv.ts'
import { resultJson, runJson } from '../../report/json.ts'
import { renderMarkdown } from '../../report/markdown.ts'
import { METRICS_COLUMNS, MetricsCsv } from '../../report/metrics-csv.ts'
import { countOf, instant } from '../../report/phrase.ts'
import { summaryBlocks } from '../../report/summary.ts'
import { renderText } from '../../report/text.ts'
import type { Arguments } from '../arguments.ts'
import { EXIT_INTERRUPTED, EXIT_INVALID, thresholdExitCode } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'
import { UsageError } from '../io.ts'
import { MOST_REPLICATIONS } from '../options.ts'
import { progressDisplay } from '../progress.ts'
import { RowFile } from '../row-file.ts'
import { type OpenedScenario, openScenario } from '../scenario-source.ts'
import { type StagedFile, StagedFiles } from '../staged-files.ts'
import { paintFor, textWidth } from '../terminal.ts'

const STANDARD_OUTPUT = '-'

/** `spillway run`: simulate, show, write. */
export async function runAction(args: Arguments, io: CommandIo): Promise<number> {
  if (args.flag('sensitivity')) {
    return (await import('./sensitivity.ts')).sensitivityAction(args, io)
  }
  const settings = readSettings(args)
  const opened = await openScenario(args, io)
  if (opened === null) return EXIT_INVALID
  const staged = new StagedFiles(opened.inputs)
  try {
    const outputs = openOutputs(settings, opened.scenario.compiled, io, staged)
    const result = await simulateShowing(opened, settings, outputs, io)
    outputs.finish(result)
    staged.commit()
    showResult(result, settings, io)
    notes(result, settings, outputs, io)
    return exitCode(result, settings)
  } finally {
    staged.discard()
  }
}

interface RunSettings {
  readonly replications: number
  readonly format: string
  readonly isColorWanted: boolean
  readonly isQuiet: boolean
  readonly isStrict: boolean
  /** Directory as named; undefined: no files. */
  readonly directory: string | undefined
  readonly invocations: string | undefined
  readonly metricsOf: 'first' | 'all'
  readonly allStatistics: boolean
}

function readSettings(args: Arguments): RunSettings {
  const out = args.text('out')
  const isSummaryOnStdout = out === STANDARD_OUTPUT
  const format = args.text('format')
  if (isSummaryOnStdout && format !== undefined && format !== 'csv') {
    throw new UsageError(
      `--out - writes the summary as CSV: it does not go with --format ${format}`,
    )
  }
  const invocations = args.text('invocations')
  if (invocations === STANDARD_OUTPUT) {
    throw new UsageError('--invocations takes a file: standard output has the summary')
  }
  return {
    replications: args.wholeNumber('replications', 1, MOST_REPLICATIONS) ?? 1,
    format: isSummaryOnStdout ? 'csv' : (format ?? 'text'),
    isColorWanted: args.flag('color'),
    isQuiet: args.flag('quiet'),
    isStrict: args.flag('strict'),
    directory: isSummaryOnStdout ? undefined : out,
    invocations,
    metricsOf: args.text('metrics') === 'all' ? 'all' : 'first',
    allStatistics: args.text('statistics') === 'all',
  }
}

interface Outputs {
  readonly onMetrics: (rows: readonly MetricRow[]) => void
  readonly onAttempt: ((row: AttemptRow) => void) | null
  readonly onReplicationEnd: (isKept: boolean) => void
  readonly finish: (result: RunResult) => void
  readonly attemptCount: () => number
}

function openOutputs(
  settings: RunSettings,
  compiled: CompiledScenario,
  io: CommandIo,
  staged: StagedFiles,
): Outputs {
  const { directory, invocations } = settings
  const attempts =
    invocations === undefined
      ? null
      : openAttempts(invocations, attemptColumns(compiled), io, staged)
  const stageIn = (name: string): StagedFile | null =>
    directory === undefined
      ? null
      : staged.stage(resolve(io.cwd, directory, name), join(directory, name))
  if (directory !== undefined) staged.useDirectory(resolve(io.cwd, directory), directory)
  const metricsFile = stageIn('metrics.csv')
  metricsFile?.write(csvHeader(METRICS_COLUMNS))
  const csv = new MetricsCsv()
  const metrics =
    metricsFile === null ? null : new RowFile<MetricRow>(metricsFile, (rows) => csv.lines(rows))
  const summary = stageIn('summary.csv')
  const ledger = stageIn('ledger.csv')
  const cost = compiled.unbilled === '' ? stageIn('cost.csv') : null
  const run = stageIn('run.json')
  return {
    // Without a directory the rows have nowhere to go; taking them keeps them out of memory.
    onMetrics: metrics === null ? () => {} : (rows) => metrics.write(rows),
    onAttempt: attempts === null ? null : (row) => attempts.write([row]),
    onReplicationEnd: (isKept) => {
      attempts?.endReplication(isKept)
      metrics?.endReplication(isKept)
    },
    finish: (result) => {
      summary?.write(summaryCsv(result.summary, result.replications))
      ledger?.write(ledgerCsv(result.ledger))
      if (result.bill !== null) cost?.write(costCsv(result.bill))
      run?.write(runJson(result))
    },
    attemptCount: () => attempts?.keptCount ?? 0,
  }
}

function openAttempts(
  path: string,
  columns: readonly string[],
  io: CommandIo,
  staged: StagedFiles,
): RowFile<AttemptRow> {
  const full = resolve(io.cwd, path)
  staged.useDirectory(dirname(full), dirname(path))
  const file = staged.stage(full, path)
  file.write(csvHeader(columns))
  return new RowFile(file, attemptCsvLines)
}

async function simulateShowing(
  { scenario, files }: OpenedScenario,
  settings: RunSettings,
  outputs: Outputs,
  io: CommandIo,
): Promise<RunResult> {
  const display = progressDisplay(io, settings.isQuiet)
  try {
    return await runScenario(scenario, {
      files,
      replications: settings.replications,
      signal: io.signal,
      onProgress: display === null ? null : display.update,
      onMetrics: outputs.onMetrics,
      metricsOf: settings.metricsOf,
      allStatistics: settings.allStatistics,
      onAttempt: outputs.onAttempt,
      onReplicationEnd: outputs.onReplicationEnd,
    })
  } catch (error) {
    // The trace was whole when it was checked, and has changed since.
    if (error instanceof TraceError) throw new UsageError(error.message)
    throw error
  } finally {
    display?.end()
  }
}

function showResult(result: RunResult, settings: RunSettings, io: CommandIo): void {
  switch (settings.format) {
    case 'csv':
      io.stdout.write(summaryCsv(result.summary, result.replications))
      break
    case 'json':
      io.stdout.write(resultJson(result))
      break
    case 'markdown':
      io.stdout.write(renderMarkdown(summaryBlocks(result)))
      break
    default: {
      const paint = paintFor(io.stdout, io, settings.isColorWanted)
      io.stdout.write(renderText(summaryBlocks(result), paint, textWidth(io.stdout)))
    }
  }
}

/** What the result itself does not show: where files are, and for a pipeline what went wrong. */
function notes(result: RunResult, settings: RunSettings, outputs: Outputs, io: CommandIo): void {
  const note = (text: string) => io.stderr.write(`${text}\n`)
  if (result.status === 'interrupted') note(interruption(result, settings))
  if (settings.isQuiet) return
  if (settings.format !== 'text' && settings.format !== 'markdown') {
    for (const warning of result.warnings) note(`warning: ${warning}`)
    for (const { threshold, verdict, note: why } of result.thresholds) {
      if (verdict !== 'passed') note(`${verdict}: ${threshold.text}${why === '' ? '' : `: ${why}`}`)
    }
  }
  if (settings.directory !== undefined) {
    const cost = result.bill === null ? '' : ', cost.csv'
    note(`Wrote metrics.csv, summary.csv, ledger.csv${cost} and run.json to ${settings.directory}`)
  }
  if (settings.invocations !== undefined) {
    note(`Wrote ${countOf(outputs.attemptCount(), 'attempt')} to ${settings.invocations}`)
  }
}

function interruption(result: RunResult, settings: RunSettings): string {
  const isPart = result.simulatedUs < result.durationUs
  const finished = isPart
    ? `${instant(result.simulatedUs)} of ${formatDuration(result.durationUs)}`
    : countOf(result.replications, 'replication')
  const of = settings.replications > 1 ? `, of ${settings.replications} replications` : ''
  const isWritten = settings.directory !== undefined || settings.invocations !== undefined
  const kept = isWritten ? 'what was finished is shown and written' : 'what was finished is shown'
  return `Interrupted after ${finished}${of}: ${kept}.`
}

function exitCode(result: RunResult, settings: RunSettings): number {
  if (result.status === 'interrupted') return EXIT_INTERRUPTED
  return thresholdExitCode(result, settings.isStrict)
}
