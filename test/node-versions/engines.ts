import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program that runs JavaScript files. */
export interface Engine {
  readonly name: string
  readonly program: string
  /** What comes before the file. */
  readonly flags: readonly string[]
}

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export function thisEngine(): Engine {
  return engineAt(process.execPath)
}

/** The interpreter alone: what an optimising compiler makes of the arithmetic would show. */
export function withoutCompilers(engine: Engine): Engine {
  return { ...engine, name: `${engine.name}, interpreted only`, flags: ['--jitless'] }
}

/** A program where there is one of that name, else a version, installed into `directory`. */
export function engineOf(programOrVersion: string, directory: string): Engine {
  return engineAt(
    existsSync(programOrVersion) ? programOrVersion : install(programOrVersion, directory),
  )
}

function engineAt(program: string): Engine {
  const asked = ['--print', "process.versions.node + ' on ' + process.arch"]
  const version = execFileSync(program, asked, { encoding: 'utf8' }).trim()
  return { name: `Node.js ${version}`, program, flags: [] }
}

/** From the packages that hold the program for one system, of which the package `node` is made. */
function install(version: string, directory: string): string {
  if (process.platform !== 'linux') {
    throw new Error(`${version}: versions are installed on Linux only; elsewhere name a program`)
  }
  const name = `node-linux-${process.arch}`
  execFileSync(
    'npm',
    [
      'install',
      '--prefix',
      directory,
      '--no-save',
      '--no-audit',
      '--no-fund',
      `${name}@${version}`,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return join(directory, 'node_modules', name, 'bin', 'node')
}
