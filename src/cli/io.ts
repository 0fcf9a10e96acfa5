/** Everything that a command may touch of the process around it; tests bring their own. */
export interface CommandIo {
  readonly stdout: TextSink
  readonly stderr: TextSink
  readonly readStdin: () => Promise<Uint8Array>
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal
}

export interface TextSink {
  readonly write: (text: string) => void
  readonly isTerminal: boolean
  /** Width in characters, where it is known. */
  readonly columns: number | undefined
  /** Where a progress bar may draw; null when this is no real terminal. */
  readonly stream: NodeJS.WriteStream | null
}

/** A fault of the call or of a file, which the person can mend. Ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
