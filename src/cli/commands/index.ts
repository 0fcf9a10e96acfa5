import type { Command } from '../command.ts'
import { compare } from './compare.ts'
import { explain } from './explain.ts'
import { init } from './init.ts'
import { run } from './run.ts'
import { schema } from './schema.ts'
import { validate } from './validate.ts'

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [init, validate, run, compare, explain, schema]

/** Named so that nobody takes silence for success. */
export const COMMANDS_NOT_SUPPORTED_YET: readonly string[] = [
  'sweep',
  'optimise',
  'report',
  'playground',
  'import',
  'backtest',
  'worker',
]
