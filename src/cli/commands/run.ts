import type { Command } from '../command.ts'
import { OUTPUT_GROUP, withFormat, withQuiet, withScenario } from '../options.ts'

const RUN_GROUP = 'Run:'

export const run: Command = {
  name: 'run',
  usage: 'run <scenario>',
  summary: 'Simulate a scenario, show what happened, write its metrics',
  define: (parser) =>
    withQuiet(withFormat(withScenario(parser), ['text', 'json', 'csv', 'markdown']))
      .option('replications', {
        type: 'string',
        requiresArg: true,
        group: RUN_GROUP,
        describe: 'Independent runs; more than one gives 95% intervals (default 1)',
      })
      .option('sensitivity', {
        type: 'boolean',
        default: false,
        group: RUN_GROUP,
        describe: 'Also with each alternative of each assumption; says which change the outcome',
      })
      .option('strict', {
        type: 'boolean',
        default: false,
        group: RUN_GROUP,
        describe: 'An undecided threshold counts as crossed',
      })
      .option('out', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        group: OUTPUT_GROUP,
        describe:
          'Directory for metrics.csv, summary.csv, ledger.csv, cost.csv, run.json; - writes the summary as CSV to standard output; with --sensitivity for sensitivity.csv, .json and .md',
      })
      .option('invocations', {
        type: 'string',
        requiresArg: true,
        group: OUTPUT_GROUP,
        describe: 'File for one row per attempt, as CSV',
      })
      .option('metrics', {
        choices: ['first', 'all'],
        default: 'first',
        requiresArg: true,
        group: OUTPUT_GROUP,
        describe: 'Which replications metrics.csv has',
      })
      .option('statistics', {
        choices: ['few', 'all'],
        default: 'few',
        requiresArg: true,
        group: OUTPUT_GROUP,
        describe: 'Which statistics metrics.csv has',
      })
      .example('$0 run hello.yaml', 'Show the summary')
      .example('$0 run hello.yaml --out results', 'Write the CSV files too')
      .example('$0 run hello.yaml --set traffic.visitors.rate=200/s', 'Ten times the visitors')
      .example('$0 run hello.yaml --replications 20', 'Means with 95% intervals')
      .example('$0 run hello.yaml --sensitivity', 'Does it rest on what is assumed?'),
  execute: async (args, io) => (await import('../actions/run.ts')).runAction(args, io),
}
