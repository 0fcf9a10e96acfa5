import type { Command } from '../command.ts'
import { withFormat, withQuiet, withScenario } from '../options.ts'

export const validate: Command = {
  name: 'validate',
  usage: 'validate <scenario>',
  summary: 'Check a scenario and say what it would simulate',
  define: (parser) =>
    withQuiet(withFormat(withScenario(parser), ['text', 'json', 'markdown'])).example(
      '$0 validate hello.yaml',
      'All problems at once',
    ),
  execute: async (args, io) => (await import('../actions/validate.ts')).validateAction(args, io),
}
