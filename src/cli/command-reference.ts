import { COMMANDS, COMMANDS_NOT_SUPPORTED_YET } from './commands/index.ts'
import { parseCommandLine } from './parse-command-line.ts'

/** The content of `docs/reference/cli.md`: the help texts, as the program shows them. */
export async function commandReferenceText(): Promise<string> {
  const sections = await Promise.all(
    COMMANDS.map(async ({ name }) => `## ${name}\n\n${await helpOf([name, '--help'])}`),
  )
  return `# Command line

<!-- Generated from the commands. A test compares the two; \`npx vitest run test/cli -u\` writes it anew. -->

${await helpOf(['--help'])}
Results go to standard output; progress and messages go to standard error. Not supported yet: ${COMMANDS_NOT_SUPPORTED_YET.join(', ')}.

${sections.join('\n')}`
}

async function helpOf(words: readonly string[]): Promise<string> {
  const intent = await parseCommandLine(words)
  if (intent.kind !== 'show') throw new Error(`${words.join(' ')} shows no help`)
  return `\`\`\`text\n${intent.text}\`\`\`\n`
}
