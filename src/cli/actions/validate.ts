import { expectationOf } from '../../experiment/expectation.ts'
import { expectationSentence } from '../../report/expectation.ts'
import type { Arguments } from '../arguments.ts'
import { EXIT_FINE, EXIT_INVALID } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'
import { openScenario } from '../scenario-source.ts'

/** `spillway validate`: every problem, or one line that says what would be simulated. */
export async function validateAction(args: Arguments, io: CommandIo): Promise<number> {
  const opened = await openScenario(args, io)
  if (opened === null) return EXIT_INVALID
  const { compiled } = opened.scenario
  if (!args.flag('quiet')) {
    for (const warning of compiled.warnings) io.stderr.write(`warning: ${warning}\n`)
  }
  io.stdout.write(`${opened.fileName} is valid: ${expectationSentence(expectationOf(compiled))}\n`)
  return EXIT_FINE
}
