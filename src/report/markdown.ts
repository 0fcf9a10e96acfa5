import type { Block, Column, Row } from './document.ts'
import { TONE_SIGNS } from './document.ts'

/** Renders blocks as Markdown for a pull request or a wiki. Ends with a line break. */
export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(renderBlock).join('\n\n')}\n`
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'verdict': {
      const title = `**${TONE_SIGNS[block.tone]} ${escapeMarkdown(block.text)}**`
      return [title, ...block.lines.map((line) => `- ${escapeMarkdown(line)}`)].join('\n')
    }
    case 'heading':
      return `### ${escapeMarkdown(block.text)}`
    case 'note':
    case 'text':
      return escapeMarkdown(block.text)
    case 'list':
      return block.items
        .map(
          (item) => `- ${item.mark === '' ? '' : `*${item.mark}*: `}${escapeMarkdown(item.text)}`,
        )
        .join('\n')
    case 'table':
      return `### ${escapeMarkdown(block.title)}\n\n${renderTable(block.columns, block.rows)}`
  }
}

function renderTable(columns: readonly Column[], rows: readonly Row[]): string {
  const head = columns.map((column) => column.title)
  const rule = columns.map((column) => (column.align === 'right' ? '---:' : '---'))
  return [head, rule, ...rows.map((row) => row.cells.map(escapeMarkdown))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function escapeMarkdown(text: string): string {
  return text.replace(/[|<*_`]/g, '\\$&')
}
