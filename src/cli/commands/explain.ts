import type { Command } from '../command.ts'
import { SCENARIO_GROUP, withFormat, withQuiet, withScenario } from '../options.ts'

export const explain: Command = {
  name: 'explain',
  usage: 'explain <scenario>',
  summary: 'Say what to expect before any run: load, concurrency, which limit binds first',
  define: (parser) =>
    withQuiet(withFormat(withScenario(parser), ['text', 'json', 'markdown']))
      .option('at', {
        type: 'string',
        requiresArg: true,
        group: SCENARIO_GROUP,
        describe: 'Simulate to this instant and say what is in flight and what binds',
      })
      .example('$0 explain hello.yaml', 'Before a run')
      .example('$0 explain hello.yaml --at 2m30s', 'At an instant'),
  execute: async (args, io) => (await import('../actions/explain.ts')).explainAction(args, io),
}
