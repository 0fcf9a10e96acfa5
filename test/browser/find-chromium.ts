import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The Chromium of this machine: what SPILLWAY_CHROMIUM names, or the first in the PATH. null where
 * there is none, unless SPILLWAY_BROWSER=required says that there has to be one.
 */
export function findChromium(environment: NodeJS.ProcessEnv): string | null {
  const { PATH = '', SPILLWAY_BROWSER, SPILLWAY_CHROMIUM } = environment
  const candidates =
    SPILLWAY_CHROMIUM === undefined
      ? NAMES.flatMap((name) => PATH.split(delimiter).map((directory) => join(directory, name)))
      : [SPILLWAY_CHROMIUM]
  const found = candidates.find(isExecutable) ?? null
  if (found === null && SPILLWAY_BROWSER === 'required') {
    throw new Error(`SPILLWAY_BROWSER=required, but there is no ${candidates.join(', ')}`)
  }
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
