/** How a report on several runs is shown, and written as three files. */
import { join, resolve } from 'node:path'
import type { Block } from '../report/document.ts'
import { renderMarkdown } from '../report/markdown.ts'
import { renderText } from '../report/text.ts'
import type { Arguments } from './arguments.ts'
import type { CommandIo } from './io.ts'
import type { StagedFiles } from './staged-files.ts'
import { paintFor, textWidth } from './terminal.ts'

export interface Report {
  readonly blocks: readonly Block[]
  readonly csv: string
  readonly json: string
}

/** Opens NAME.csv, NAME.json and NAME.md; what is returned fills them and gives them their names. */
export function stageReport(
  directory: string,
  name: string,
  io: CommandIo,
  staged: StagedFiles,
): (report: Report) => void {
  staged.useDirectory(resolve(io.cwd, directory), directory)
  const stage = (ending: string) => {
    const file = `${name}.${ending}`
    return staged.stage(resolve(io.cwd, directory, file), join(directory, file))
  }
  const [csv, json, markdown] = ['csv', 'json', 'md'].map(stage)
  return (report) => {
    csv!.write(report.csv)
    json!.write(report.json)
    markdown!.write(renderMarkdown(report.blocks))
    staged.commit()
  }
}

/** On standard output, in the format that was asked for. */
export function showReport({ blocks, csv, json }: Report, args: Arguments, io: CommandIo): void {
  switch (args.text('format')) {
    case 'csv':
      io.stdout.write(csv)
      break
    case 'json':
      io.stdout.write(json)
      break
    case 'markdown':
      io.stdout.write(renderMarkdown(blocks))
      break
    default:
      io.stdout.write(
        renderText(blocks, paintFor(io.stdout, io, args.flag('color')), textWidth(io.stdout)),
      )
  }
}

/** Where the files are. */
export function tellWritten(directory: string, name: string, args: Arguments, io: CommandIo): void {
  if (args.flag('quiet')) return
  io.stderr.write(`Wrote ${name}.csv, ${name}.json and ${name}.md to ${directory}\n`)
}
