import { explainScenario } from '../../experiment/explanation.ts'
import { runReplication, type StateSnapshot } from '../../experiment/replication.ts'
import { formatDuration } from '../../kernel/time.ts'
import { parseDuration, UnitError } from '../../model/units.ts'
import type { Block } from '../../report/document.ts'
import { explanationBlocks } from '../../report/explanation.ts'
import { explanationJson, snapshotJson } from '../../report/json.ts'
import { renderMarkdown } from '../../report/markdown.ts'
import { snapshotBlocks } from '../../report/snapshot.ts'
import { renderText } from '../../report/text.ts'
import type { Arguments } from '../arguments.ts'
import { EXIT_FINE, EXIT_INTERRUPTED, EXIT_INVALID } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'
import { UsageError } from '../io.ts'
import { progressDisplay } from '../progress.ts'
import { type OpenedScenario, openScenario } from '../scenario-source.ts'
import { paintFor, textWidth } from '../terminal.ts'

/** `spillway explain`: what to expect before a run, or the state at an instant of one. */
export async function explainAction(args: Arguments, io: CommandIo): Promise<number> {
  const at = args.text('at')
  const atUs = at === undefined ? null : instantOf(at)
  const isJson = args.text('format') === 'json'
  const opened = await openScenario(args, io)
  if (opened === null) return EXIT_INVALID
  const { compiled } = opened.scenario
  if (atUs === null) {
    const explanation = explainScenario(compiled)
    if (isJson) io.stdout.write(explanationJson(explanation))
    else show(explanationBlocks(explanation), args, io)
    return EXIT_FINE
  }
  if (atUs > compiled.durationUs) {
    throw new UsageError(
      `--at ${at} is after the end of the run at ${formatDuration(compiled.durationUs)}`,
    )
  }
  const snapshot = await stateAt(atUs, opened, args.flag('quiet'), io)
  if (snapshot === null) {
    io.stderr.write(`Interrupted before ${formatDuration(atUs)}: there is nothing to show.\n`)
    return EXIT_INTERRUPTED
  }
  if (isJson) io.stdout.write(snapshotJson(compiled.name, snapshot))
  else show(snapshotBlocks(compiled.name, snapshot), args, io)
  return EXIT_FINE
}

function instantOf(text: string): number {
  try {
    return parseDuration(text)
  } catch (error) {
    if (error instanceof UnitError) throw new UsageError(`--at: ${error.message}`)
    throw error
  }
}

/** null: interrupted on the way there. */
async function stateAt(
  atUs: number,
  { scenario, files }: OpenedScenario,
  isQuiet: boolean,
  io: CommandIo,
): Promise<StateSnapshot | null> {
  const display = progressDisplay(io, isQuiet)
  try {
    const output = await runReplication(scenario.compiled, {
      replication: 0,
      files,
      onMetrics: null,
      allStatistics: false,
      onAttempt: null,
      signal: io.signal,
      onProgress:
        display === null
          ? null
          : (simulatedUs, eventCount) =>
              display.update({
                replication: 0,
                replications: 1,
                simulatedUs,
                durationUs: atUs,
                eventCount,
              }),
      snapshotAtUs: atUs,
    })
    return output.status === 'interrupted' ? null : output.snapshot
  } finally {
    display?.end()
  }
}

function show(blocks: readonly Block[], args: Arguments, io: CommandIo): void {
  io.stdout.write(
    args.text('format') === 'markdown'
      ? renderMarkdown(blocks)
      : renderText(blocks, paintFor(io.stdout, io, args.flag('color')), textWidth(io.stdout)),
  )
}
