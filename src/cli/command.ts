import type { Argv } from 'yargs'
import type { Arguments } from './arguments.ts'
import type { CommandIo } from './io.ts'

/** One file of `commands/`: what the command line says about it, and what it does. */
export interface Command {
  readonly name: string
  /** With its positional arguments: `run <scenario>`. */
  readonly usage: string
  readonly summary: string
  readonly define: (parser: Argv) => Argv
  /** Loads what it needs when it is called, so that other commands start without it. */
  readonly execute: (args: Arguments, io: CommandIo) => Promise<number>
}
