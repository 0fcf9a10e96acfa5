/**
 * Puts the built program where `npx spillway` looks first: beside the programs of the dependencies.
 * npx can also link a package's own program through its cache, but that is slower, and a cache
 * that was interrupted once stays broken.
 */
import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const DIRECTORY = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url))

if (existsSync(DIRECTORY)) {
  if (process.platform === 'win32') {
    writeFileSync(`${DIRECTORY}spillway.cmd`, `@node "%~dp0\\..\\..\\dist\\cli\\main.js" %*\r\n`)
  } else {
    rmSync(`${DIRECTORY}spillway`, { force: true })
    symlinkSync('../../dist/cli/main.js', `${DIRECTORY}spillway`)
    chmodSync(PROGRAM, 0o755)
  }
}
