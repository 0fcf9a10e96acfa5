import type { Command } from '../command.ts'

export const schema: Command = {
  name: 'schema',
  usage: 'schema',
  summary: 'Print the JSON Schema of scenarios, for editors',
  define: (parser) =>
    parser.example('$0 schema > scenario.schema.json', 'What the first line of a scenario names'),
  execute: async (_args, io) => (await import('../actions/schema.ts')).schemaAction(io),
}
