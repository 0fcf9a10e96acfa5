import type { Command } from '../command.ts'

export const init: Command = {
  name: 'init',
  usage: 'init [template]',
  summary: 'Write a scenario to start from',
  define: (parser) =>
    parser
      .positional('template', {
        type: 'string',
        default: 'hello',
        describe: 'Which one; --list shows all',
      })
      .option('list', {
        type: 'boolean',
        default: false,
        group: 'Templates:',
        describe: 'Show them all',
      })
      .example('$0 init', 'Writes hello.yaml')
      .example('$0 init flash-sale', 'Writes flash-sale.yaml'),
  execute: async (args, io) => (await import('../actions/init.ts')).initAction(args, io),
}
