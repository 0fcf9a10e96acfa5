/** Options that several commands share: the same name means the same everywhere. */
import type { Argv } from 'yargs'

/** Of `--replications`. */
export const MOST_REPLICATIONS = 10_000

export const SCENARIO_GROUP = 'Scenario:'
export const OUTPUT_GROUP = 'Output:'

export function withScenario(parser: Argv): Argv {
  return withChanges(
    parser.positional('scenario', {
      type: 'string',
      demandOption: true,
      describe: 'Scenario file in YAML, or - for standard input',
    }),
  )
}

/** What may take the place of what a scenario says. */
export function withChanges(parser: Argv): Argv {
  return parser
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      group: SCENARIO_GROUP,
      describe: 'PATH=VALUE in place of what the scenario says; repeatable',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      group: SCENARIO_GROUP,
      describe: "Seed of the random numbers, in place of the scenario's",
    })
}

export function withFormat(parser: Argv, formats: readonly string[]): Argv {
  return parser
    .option('format', {
      choices: formats,
      // Without `default`, so that a command sees whether a person chose.
      defaultDescription: `"${formats[0]}"`,
      requiresArg: true,
      group: OUTPUT_GROUP,
      describe: 'How the result is written to standard output',
    })
    .option('color', {
      type: 'boolean',
      default: true,
      group: OUTPUT_GROUP,
      describe: 'Colours on a terminal; --no-color or NO_COLOR switches them off',
    })
}

export function withQuiet(parser: Argv): Argv {
  return parser.option('quiet', {
    alias: 'q',
    type: 'boolean',
    default: false,
    group: OUTPUT_GROUP,
    describe: 'Only results and errors: no progress, no notes',
  })
}
