import { UsageError } from './io.ts'

/** yargs loses a lone dash, which means a standard stream; in disguise it comes through. */
const DASH_IN_DISGUISE = '\u0000-'

export function protectDash(word: string): string {
  return word === '-' ? DASH_IN_DISGUISE : word
}

function revealed(value: unknown): string {
  return value === DASH_IN_DISGUISE ? '-' : String(value)
}

/** Parsed arguments; an option is read as what it was declared to be, given once. */
export class Arguments {
  private readonly values: Readonly<Record<string, unknown>>

  constructor(values: Readonly<Record<string, unknown>>) {
    this.values = values
  }

  /** The value of an option; an empty one would silently mean something else, such as `.`. */
  text(name: string): string | undefined {
    const value = this.positional(name)
    if (value === '') throw new UsageError(`--${name} needs a value`)
    return value
  }

  positional(name: string): string | undefined {
    const value = this.single(name)
    if (value === undefined) return undefined
    return revealed(value)
  }

  flag(name: string): boolean {
    return this.single(name) === true
  }

  list(name: string): readonly string[] {
    const value = this.values[name]
    if (value === undefined) return []
    return Array.isArray(value) ? value.map(revealed) : [revealed(value)]
  }

  wholeNumber(name: string, minimum: number, maximum: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (!/^[0-9]+$/.test(text) || value < minimum || value > maximum) {
      throw new UsageError(
        `--${name} takes a whole number from ${minimum} to ${maximum}, not ${text}`,
      )
    }
    return value
  }

  private single(name: string): unknown {
    const value = this.values[name]
    if (Array.isArray(value)) throw new UsageError(`--${name} is given more than once`)
    return value
  }
}
