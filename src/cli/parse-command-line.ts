import yargs, { type Argv } from 'yargs'
import { VERSION } from '../experiment/version.ts'
import { listed } from '../report/phrase.ts'
import { nearest } from '../scenario/diagnostics.ts'
import { Arguments, protectDash } from './arguments.ts'
import type { Command } from './command.ts'
import { COMMANDS, COMMANDS_NOT_SUPPORTED_YET } from './commands/index.ts'
import { UsageError } from './io.ts'

/** What the words of a command line ask for: to run a command, or only to show a text. */
export type Intent =
  | { readonly kind: 'execute'; readonly command: Command; readonly args: Arguments }
  | { readonly kind: 'show'; readonly text: string }

const HELP_WIDTH = 80

/** Throws a UsageError for what is not a valid command line. */
export async function parseCommandLine(words: readonly string[]): Promise<Intent> {
  checkCommand(words)
  let intent: Intent | null = null
  const parser = createParser(words, (command, values) => {
    intent = { kind: 'execute', command, args: new Arguments(values) }
  })
  if (words.length === 0) return { kind: 'show', text: `${await parser.getHelp()}\n` }
  let shown = ''
  await parser.parseAsync(
    words.map(protectDash),
    {},
    (_error: unknown, _values: unknown, output: string) => {
      shown = output
    },
  )
  return intent ?? { kind: 'show', text: `${shown}\n` }
}

function createParser(
  words: readonly string[],
  onCommand: (command: Command, values: Readonly<Record<string, unknown>>) => void,
): Argv {
  let parser = yargs()
    .scriptName('spillway')
    .usage(
      '$0 <command>\n\nSimulates the concurrency of a serverless account: scenarios in YAML go in,\nmetrics named as in CloudWatch come out.',
    )
    .locale('en')
    .exitProcess(false)
    .wrap(HELP_WIDTH)
    .parserConfiguration({
      'dot-notation': false,
      'camel-case-expansion': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .recommendCommands()
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .group(['help', 'version'], 'Other:')
    .example('$0 init', 'Write hello.yaml, a first scenario')
    .example('$0 run hello.yaml', 'Simulate it and see what happened')
    .example('$0 explain hello.yaml', 'What to expect of it, without running')
    .epilogue(
      'Exit codes: 0 fine; 2 invalid scenario, file or usage; 99 a threshold was\ncrossed; 130 interrupted; 1 a defect of spillway.',
    )
    .fail((message: string, error: Error | undefined) => {
      if (isForeign(error)) throw error
      throw new UsageError(unknownCommand(message, words[0]))
    })
  for (const command of COMMANDS) {
    parser = parser.command(
      command.usage,
      command.summary,
      (forCommand) => forCommandLine(command, command.define(forCommand), words),
      (values) => onCommand(command, values),
    )
  }
  return parser
}

/** Rewords what yargs says about an unknown option, which it cannot suggest another for. */
function forCommandLine(command: Command, parser: Argv, words: readonly string[]): Argv {
  const { key, boolean } = optionsOf(parser)
  checkFlags(words, boolean)
  return parser.fail((message: string, error: Error | undefined) => {
    if (isForeign(error)) throw error
    throw new UsageError(reworded(message || (error?.message ?? ''), Object.keys(key), command))
  })
}

/** yargs reports some faults of a call as an error of its own kind; any other error is not its. */
function isForeign(error: Error | null | undefined): boolean {
  return error !== undefined && error !== null && error.name !== 'YError'
}

interface ParserOptions {
  readonly key: Readonly<Record<string, unknown>>
  readonly boolean: readonly string[]
}

function optionsOf(parser: Argv): ParserOptions {
  return (parser as unknown as { getOptions(): ParserOptions }).getOptions()
}

/** yargs takes any value of a flag but `true` for false. */
function checkFlags(words: readonly string[], flags: readonly string[]): void {
  for (const word of words) {
    const [, dashes, name = '', value = ''] = /^(--?)([^=]+)=(.*)$/s.exec(word) ?? []
    const isFlag = flags.includes(name) || flags.includes(name.replace(/^no-/, ''))
    if (isFlag && value !== 'true' && value !== 'false') {
      throw new UsageError(`${dashes}${name} is a switch and takes no value, not ${value}`)
    }
  }
}

function reworded(message: string, known: readonly string[], command: Command): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]
  if (unknown !== undefined) {
    return unknown
      .split(', ')
      .map((word) => unknownArgument(word, known, command))
      .join('\n')
  }
  if (message.startsWith('Not enough non-option arguments')) {
    return `${command.name} needs a scenario: spillway ${command.usage}`
  }
  const [, missing] = /^Not enough arguments following: (.+)$/.exec(message) ?? []
  if (missing !== undefined) return `${dashed(missing)} needs a value`
  const invalid = /Argument: (\S+), Given: "?([^"]*)"?, Choices: (.+)/.exec(message)
  if (invalid !== null) {
    const choices = invalid[3]!.replaceAll('"', '')
    return `--${invalid[1]} takes one of ${choices}, not ${invalid[2]}`
  }
  return message
}

function unknownArgument(word: string, known: readonly string[], command: Command): string {
  const others = COMMANDS.filter((other) => word in optionsOf(other.define(yargs())).key)
  if (others.length > 0) {
    const names = listed(others.map(({ name }) => name))
    return `${command.name} has no ${dashed(word)}: it belongs to ${names}`
  }
  const suggestion = nearest(word, known)
  const hint = suggestion === undefined ? '' : `; did you mean --${suggestion}?`
  return `unknown argument ${word} for ${command.name}${hint}`
}

function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`
}

/** yargs either suggests a command, or says that it knows none of these arguments. */
function unknownCommand(message: string, word = ''): string {
  const suggestion = /^Did you mean (\S+)\?$/.exec(message)?.[1]
  if (suggestion !== undefined) return `unknown command ${word}; did you mean ${suggestion}?`
  const kind = word.startsWith('-') ? 'option' : 'command'
  return message.startsWith('Unknown argument') ? `unknown ${kind} ${word}` : message
}

/** Commands of a later version are named as such, not as mistakes. */
function checkCommand(words: readonly string[]): void {
  const first = words[0]
  if (first !== undefined && COMMANDS_NOT_SUPPORTED_YET.includes(first)) {
    throw new UsageError(`${first} is not supported yet`)
  }
}
