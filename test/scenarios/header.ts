/** The comment that opens a teaching scenario: Story, Try, Expect. */
export interface Header {
  readonly story: string
  /** The commands of `Try`. */
  readonly tries: readonly string[]
  /** What `Try` says of each command. */
  readonly outcomes: readonly string[]
  readonly expect: string
}

export function readHeader(text: string): Header {
  const lines = text.split('\n')
  const comment = lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('#')),
  )
  const sections: Record<string, string[]> = { Story: [], Try: [], Expect: [] }
  let section: string[] = []
  for (const line of comment) {
    const [, name, rest = ''] = /^# (Story|Try|Expect): *(.*)$/.exec(line) ?? []
    if (name !== undefined) section = sections[name]!
    section.push(name === undefined ? line.slice(1).trim() : rest)
  }
  const tries: string[] = []
  const outcomes: string[] = []
  for (const line of sections.Try!) {
    if (line.startsWith('spillway ')) {
      tries.push(line)
      outcomes.push('')
    } else outcomes.push(`${outcomes.pop() ?? ''} ${line}`.trim())
  }
  const whole = (part: readonly string[]) => part.join(' ').replace(/\s+/g, ' ').trim()
  return { story: whole(sections.Story!), tries, outcomes, expect: whole(sections.Expect!) }
}
