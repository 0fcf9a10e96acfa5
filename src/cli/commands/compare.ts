import type { Command } from '../command.ts'
import { OUTPUT_GROUP, withChanges, withFormat, withQuiet } from '../options.ts'

const COMPARE_GROUP = 'Compare:'

export const compare: Command = {
  name: 'compare',
  usage: 'compare <scenarios..>',
  summary: 'Set a scenario and its variants, or several scenarios, side by side',
  define: (parser) =>
    withQuiet(
      withFormat(
        withChanges(
          parser.positional('scenarios', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'One scenario file with `variants`, or several files',
          }),
        ),
        ['text', 'json', 'csv', 'markdown'],
      ),
    )
      .option('replications', {
        type: 'string',
        requiresArg: true,
        group: COMPARE_GROUP,
        describe: 'Independent runs of each, on the same random numbers (default 5)',
      })
      .option('strict', {
        type: 'boolean',
        default: false,
        group: COMPARE_GROUP,
        describe: 'Exit code 99 unless some scenario passes every threshold for certain',
      })
      .option('out', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: OUTPUT_GROUP,
        describe: 'Directory for comparison.csv, comparison.json and comparison.md',
      })
      .example('$0 compare checkout.yaml', 'As written, and each of its variants')
      .example('$0 compare now.yaml then.yaml', 'Two files')
      .example('$0 compare checkout.yaml --format markdown', 'For a pull request'),
  execute: async (args, io) => (await import('../actions/compare.ts')).compareAction(args, io),
}
