import { expectationOf } from '../../experiment/expectation.ts'
import { expectationSentence } from '../../report/expectation.ts'
import { invalidJson, validJson } from '../../report/json.ts'
import type { Arguments } from '../arguments.ts'
import { EXIT_FINE, EXIT_INVALID } from '../exit-code.ts'
import type { CommandIo } from '../io.ts'
import { openScenario } from '../scenario-source.ts'

/** `spillway validate`: every problem, or one line that says what would be simulated. */
export async function validateAction(args: Arguments, io: CommandIo): Promise<number> {
  const format = args.text('format') ?? 'text'
  const opened = await openScenario(args, io, (diagnostics) => {
    if (format === 'json') io.stdout.write(invalidJson(diagnostics))
  })
  if (opened === null) return EXIT_INVALID
  const { compiled } = opened.scenario
  const expectation = expectationOf(compiled)
  if (format === 'json') {
    io.stdout.write(validJson(expectation, compiled.warnings))
    return EXIT_FINE
  }
  if (!args.flag('quiet')) {
    for (const warning of compiled.warnings) io.stderr.write(`warning: ${warning}\n`)
  }
  const name = format === 'markdown' ? `\`${opened.fileName}\`` : opened.fileName
  io.stdout.write(`${name} is valid: ${expectationSentence(expectation)}\n`)
  return EXIT_FINE
}
