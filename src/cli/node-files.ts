import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { ScenarioFiles } from '../kernel/files.ts'
import { UsageError } from './io.ts'

/**
 * Files of the file system; relative names are relative to `directory`, the scenario's own.
 * `read` collects the full paths of what has been read.
 */
export function nodeFiles(directory: string, read: Set<string> = new Set()): ScenarioFiles {
  const resolve = (path: string) => {
    const full = isAbsolute(path) ? path : join(directory, path)
    read.add(full)
    return full
  }
  return {
    readText: async (path) => decodeText(await readBytes(resolve(path), path), path),
    readChunks: (path) => readChunks(resolve(path), path),
  }
}

async function readBytes(path: string, shownAs: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new UsageError(`cannot read ${shownAs}: ${fileFault(error)}`)
  }
}

async function* readChunks(path: string, shownAs: string): AsyncGenerator<Uint8Array> {
  try {
    // A directory opens without complaint and fails at the first read, with a lesser message.
    if ((await stat(path)).isDirectory()) throw new UsageError('it is a directory')
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array
  } catch (error) {
    throw new UsageError(`cannot read ${shownAs}: ${fileFault(error)}`)
  }
}

function decodeText(bytes: Uint8Array, shownAs: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(`cannot read ${shownAs}: it is not UTF-8 text`)
  }
}

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is a file, not a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EMFILE: 'too many files are open',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
}

/** What went wrong with a file, in words. */
export function fileFault(error: unknown): string {
  if (error instanceof UsageError) return error.message
  const code = (error as NodeJS.ErrnoException).code
  if (code !== undefined) return FAULTS[code] ?? code
  return error instanceof Error ? error.message : String(error)
}
