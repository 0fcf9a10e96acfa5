import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from './io.ts'
import { fileFault } from './node-files.ts'

/**
 * Files that appear under their names only when all of them are whole. Until then they have
 * temporary names, which `discard` or the end of the process removes.
 */
export class StagedFiles {
  private readonly files: StagedFile[] = []
  private readonly createdDirectories: string[] = []
  private readonly inputs: ReadonlySet<string>
  private readonly discardAtExit = () => this.discard()

  /** `inputs`: full paths that may not be written to. */
  constructor(inputs: ReadonlySet<string> = new Set()) {
    this.inputs = inputs
    process.once('exit', this.discardAtExit)
  }

  /**
   * Makes sure that `directory` exists; `discard` removes what this created. One level at a time:
   * the recursive mkdir of Node 20 never returns where a file system refuses with ENOENT (/proc).
   */
  useDirectory(directory: string, shownAs: string): void {
    const missing: string[] = []
    let path = directory
    for (; !existsSync(path); path = dirname(path)) missing.unshift(path)
    if (!statSync(path).isDirectory()) {
      throw new UsageError(`cannot write to ${shownAs}: it is a file, not a directory`)
    }
    try {
      for (const level of missing) {
        mkdirSync(level)
        this.createdDirectories.unshift(level)
      }
    } catch (error) {
      throw new UsageError(`cannot write to ${shownAs}: ${fileFault(error)}`)
    }
  }

  /** Opens a file that will be `path`. What is no regular file, such as a pipe, is written directly. */
  stage(path: string, shownAs: string): StagedFile {
    const kind = statSync(path, { throwIfNoEntry: false })
    if (kind?.isDirectory()) throw new UsageError(`cannot write ${shownAs}: it is a directory`)
    if (kind?.isFile() && this.isInput(kind)) {
      throw new UsageError(`cannot write ${shownAs}: the scenario is read from it`)
    }
    const isDirect = kind !== undefined && !kind.isFile()
    if (!isDirect && this.files.some((file) => file.isAt(path))) {
      throw new UsageError(`cannot write ${shownAs}: another result has this name`)
    }
    const temporary = isDirect
      ? path
      : join(dirname(path), `.${basename(path)}.${process.pid}.partial`)
    try {
      const file = new StagedFile(openSync(temporary, 'w'), temporary, path, shownAs)
      this.files.push(file)
      return file
    } catch (error) {
      throw new UsageError(`cannot write ${shownAs}: ${fileFault(error)}`)
    }
  }

  /** By identity, since a file has several names where there are links. */
  private isInput({ dev, ino }: Stats): boolean {
    return [...this.inputs].some((input) => {
      const kind = statSync(input, { throwIfNoEntry: false })
      return kind !== undefined && kind.dev === dev && kind.ino === ino
    })
  }

  /** Every file gets its name. */
  commit(): void {
    for (const file of this.files) file.finish()
    for (const file of this.files) file.rename()
    this.files.length = 0
    this.createdDirectories.length = 0
    process.off('exit', this.discardAtExit)
  }

  /** Nothing stays behind. Harmless after `commit`. */
  discard(): void {
    for (const file of this.files) file.remove()
    for (const directory of this.createdDirectories) removeIfEmpty(directory)
    this.files.length = 0
    this.createdDirectories.length = 0
    process.off('exit', this.discardAtExit)
  }
}

const FLUSH_AT_CHARACTERS = 1 << 16

export class StagedFile {
  private readonly temporary: string
  private readonly path: string
  private readonly shownAs: string
  private descriptor: number | null
  private pending: string[] = []
  private pendingLength = 0
  /** Bytes in the file, and how many of them `takeBack` leaves. */
  private length = 0
  private keptLength = 0

  constructor(descriptor: number, temporary: string, path: string, shownAs: string) {
    this.descriptor = descriptor
    this.temporary = temporary
    this.path = path
    this.shownAs = shownAs
  }

  /** Written at once when enough has come together, so memory does not grow with the file. */
  write(text: string): void {
    this.pending.push(text)
    this.pendingLength += text.length
    if (this.pendingLength >= FLUSH_AT_CHARACTERS) this.flush()
  }

  /** What has been written until now stays. */
  keep(): void {
    this.flush()
    this.keptLength = this.length
  }

  /** Undoes what was written since `keep`; what a pipe has been given it keeps. */
  takeBack(): void {
    this.flush()
    if (this.isDirect) return
    ftruncateSync(this.descriptor!, this.keptLength)
    this.length = this.keptLength
  }

  isAt(path: string): boolean {
    return basename(path) === basename(this.path) && isSameDirectory(path, this.path)
  }

  finish(): void {
    this.flush()
    this.close()
  }

  rename(): void {
    if (this.isDirect) return
    try {
      renameSync(this.temporary, this.path)
    } catch (error) {
      throw new UsageError(`cannot write ${this.shownAs}: ${fileFault(error)}`)
    }
  }

  remove(): void {
    this.close()
    if (!this.isDirect) rmSync(this.temporary, { force: true })
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending.join(''), 'utf8')
    this.pending = []
    this.pendingLength = 0
    try {
      for (let offset = 0; offset < bytes.length; ) {
        // Where the file ends, which after taking back is no longer where the last write ended.
        const position = this.isDirect ? null : this.length
        const count = writeSync(this.descriptor!, bytes, offset, bytes.length - offset, position)
        offset += count
        this.length += count
      }
    } catch (error) {
      throw new UsageError(`cannot write ${this.shownAs}: ${fileFault(error)}`)
    }
  }

  /** No regular file, written under its own name. */
  private get isDirect(): boolean {
    return this.temporary === this.path
  }

  private close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor)
    this.descriptor = null
  }
}

function isSameDirectory(a: string, b: string): boolean {
  return realpathSync(dirname(a)) === realpathSync(dirname(b))
}

function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // Someone else put something there: it stays.
  }
}
