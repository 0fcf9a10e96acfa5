import { InvariantViolation, StandstillError } from '../kernel/invariant.ts'
import { EXIT_DEFECT, EXIT_FINE, EXIT_INVALID } from './exit-code.ts'
import type { CommandIo } from './io.ts'
import { UsageError } from './io.ts'
import { parseCommandLine } from './parse-command-line.ts'

/** Runs one command line to its exit code. Results go to stdout, everything else to stderr. */
export async function runCommandLine(words: readonly string[], io: CommandIo): Promise<number> {
  try {
    const intent = await parseCommandLine(words)
    if (intent.kind === 'show') {
      io.stdout.write(intent.text)
      return EXIT_FINE
    }
    return await intent.command.execute(intent.args, io)
  } catch (error) {
    if (error instanceof UsageError) {
      for (const line of error.message.split('\n')) io.stderr.write(`spillway: ${line}\n`)
      io.stderr.write('spillway: see spillway --help\n')
      return EXIT_INVALID
    }
    if (error instanceof StandstillError) {
      io.stderr.write(`spillway: ${error.message}\n`)
      return EXIT_INVALID
    }
    io.stderr.write(defectReport(error))
    return EXIT_DEFECT
  }
}

/** Nothing that a person wrote can bring this about, so the words are about us. */
function defectReport(error: unknown): string {
  const what =
    error instanceof InvariantViolation
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error)
  return `spillway: this is a defect of spillway, not of your scenario:\n${what}\nPlease report it, with the scenario and the command that led here.\n`
}
