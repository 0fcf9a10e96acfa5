#!/usr/bin/env node
/** The program: connects the process around it to the command line. */
import './tune-engine.ts'
import { runCommandLine } from './application.ts'
import { EXIT_INTERRUPTED, EXIT_INVALID } from './exit-code.ts'
import type { TextSink } from './io.ts'
import { fileFault } from './node-files.ts'

const interruption = new AbortController()
// The first Ctrl-C lets the run keep what is finished; a second one is for whoever cannot wait.
const onInterrupt = () => {
  if (interruption.signal.aborted) process.exit(EXIT_INTERRUPTED)
  interruption.abort()
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onInterrupt)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads our output may stop early, as `head` does.
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`spillway: cannot write to standard output: ${fileFault(error)}\n`)
  process.exit(EXIT_INVALID)
})

function sink(stream: NodeJS.WriteStream): TextSink {
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
    stream: stream.isTTY === true ? stream : null,
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  readStdin,
  cwd: process.cwd(),
  environment: process.env,
  signal: interruption.signal,
})
