import Table from 'cli-table3'
import type { Block, ListItem } from './document.ts'
import { TONE_SIGNS } from './document.ts'
import type { Paint } from './paint.ts'

const INDENT = '  '

type TableBlock = Extract<Block, { kind: 'table' }>

/** Renders blocks for a terminal of `width` columns. Ends with a line break. */
export function renderText(blocks: readonly Block[], paint: Paint, width: number): string {
  const parts: string[] = []
  for (const block of blocks) parts.push(renderBlock(block, paint, width))
  return `${parts.filter((part) => part !== '').join('\n')}\n`
}

function renderBlock(block: Block, paint: Paint, width: number): string {
  switch (block.kind) {
    case 'verdict': {
      const lines = wrap(`${TONE_SIGNS[block.tone]} ${block.text}`, width, INDENT)
      const [first = '', ...rest] = lines
      const detail = block.lines.flatMap((line) => wrap(`${INDENT}${line}`, width, INDENT))
      const title = [first, ...rest].map((line) => paint.strong(paint.tone(block.tone, line)))
      return [...title, ...detail].join('\n')
    }
    case 'heading':
      return `\n${paint.strong(block.text)}`
    case 'note':
      return `\n${wrap(block.text, width, '')
        .map((line) => paint.tone('quiet', line))
        .join('\n')}`
    case 'text':
      return wrap(block.text, width, '')
        .map((line) => paint.tone(block.tone, line))
        .join('\n')
    case 'list':
      return renderList(block.items, paint, width)
    case 'table':
      return renderTable(block, paint)
  }
}

function renderList(items: readonly ListItem[], paint: Paint, width: number): string {
  const markWidth = Math.max(0, ...items.map((item) => item.mark.length))
  const hanging = INDENT + ' '.repeat(markWidth + 2)
  return items
    .flatMap((item) => {
      const [first = '', ...rest] = wrap(
        `${INDENT}${item.mark.padEnd(markWidth)}  ${item.text}`,
        width,
        hanging,
      )
      const painted =
        item.mark === '' ? first : first.replace(item.mark, () => paint.tone(item.tone, item.mark))
      return [painted, ...rest]
    })
    .join('\n')
}

/** The title stands over the first column, in the line of the column titles where there are any. */
function renderTable({ title, columns, rows, hasHead }: TableBlock, paint: Paint): string {
  const body = rows.map((row) => row.cells.map((cell) => paint.tone(row.tone, cell)))
  const head = columns.map((column) => paint.tone('quiet', column.title))
  head[0] = paint.strong(title)
  const table = new Table({
    colAligns: columns.map((column) => column.align),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    chars: BORDERLESS,
  })
  // Indented in the cell, so that a title in the same column stands out.
  for (const [first = '', ...rest] of body) table.push([INDENT + first, ...rest])
  if (hasHead) table.unshift(head)
  const lines = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
  return ['', ...(hasHead ? [] : [paint.strong(title)]), ...lines].join('\n')
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/** Breaks at spaces; lines after the first begin with `hanging`. A longer word stands alone. */
function wrap(text: string, width: number, hanging: string): string[] {
  const lines: string[] = []
  const indent = /^ */.exec(text)![0]
  let line = indent
  for (const word of text.slice(indent.length).split(' ')) {
    const isEmpty = line.trim() === ''
    if (isEmpty) line += word
    else if (line.length + 1 + word.length <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = hanging + word
    }
  }
  lines.push(line)
  return lines
}
