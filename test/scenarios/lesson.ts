/**
 * Runs a teaching scenario as the command line would and compares three things with what is
 * written down: the figures in its `Expect`, those after each command of its `Try`, and the files
 * in `results/`. UPDATE_RESULTS=1 writes figures and files anew.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { call, inTemporaryDirectory } from '../cli/harness.ts'
import { Figures } from './figures.ts'
import { readHeader } from './header.ts'

const SCENARIOS = fileURLToPath(new URL('../../scenarios/', import.meta.url))
const RESULTS = fileURLToPath(new URL('../../results/', import.meta.url))
const IS_UPDATE = process.env.UPDATE_RESULTS === '1'

/** What a run shows, in the words in which the scenario's header says it. */
export type Phrases = (figures: Figures) => readonly string[]

export interface Lesson {
  readonly name: string
  readonly exitCode?: number
  readonly expects: Phrases
  /** One for each command of `Try`, in its order. */
  readonly tries: readonly Attempt[]
  /** Which files stay in `results/`. The time series is long, so it is the exception. */
  readonly results?: readonly string[]
}

export interface Attempt {
  readonly exitCode?: number
  /** Left out: the command is run and must end well, and it shows no figures of its own. */
  readonly expects?: Phrases
}

const SMALL_RESULTS = ['summary.csv', 'ledger.csv', 'cost.csv', 'run.json']

export function describeLesson(lesson: Lesson): void {
  const path = join(SCENARIOS, `${lesson.name}.yaml`)
  describe(lesson.name, () => {
    test('shows what it lets a reader expect, and the committed results', async () => {
      await inTemporaryDirectory(async (directory) => {
        const words = ['run', `${lesson.name}.yaml`, '--format', 'json', '--out', 'results']
        const { exitCode, stdout } = await call(directory, words)
        expect(exitCode).toBe(lesson.exitCode ?? 0)
        const metrics = readFileSync(join(directory, 'results', 'metrics.csv'), 'utf8')
        expectPhrases(path, 'expect', lesson.expects(new Figures(stdout, metrics)))
        compareResults(lesson, join(directory, 'results'))
      }, SCENARIOS)
    })

    const { tries } = readHeader(readFileSync(path, 'utf8'))

    test('has a checked outcome for each thing to try', () => {
      expect(tries).toHaveLength(lesson.tries.length)
    })

    test.each(tries.map((command, index) => [command, index] as const))('%s', (command, index) =>
      inTemporaryDirectory(async (directory) => {
        const attempt = lesson.tries[index]!
        const [program, ...words] = wordsOf(command)
        expect(program).toBe('spillway')
        const format = attempt.expects === undefined ? [] : ['--format', 'json']
        const { exitCode, stdout } = await call(directory, [...words, ...format])
        expect(exitCode).toBe(attempt.exitCode ?? 0)
        if (attempt.expects !== undefined) {
          expectPhrases(path, index, attempt.expects(new Figures(stdout, '')))
        }
      }, SCENARIOS),
    )
  })
}

/** As a shell takes it apart: a star stands between quotes. */
function wordsOf(command: string): readonly string[] {
  return command.split(/\s+/).map((word) => word.replace(/^'(.*)'$/, '$1'))
}

function expectPhrases(path: string, part: 'expect' | number, phrases: readonly string[]): void {
  for (const phrase of phrases) {
    if (IS_UPDATE) {
      const whole = readFileSync(path, 'utf8')
      const [start, end] = placeOf(whole, part)
      const told = withPhrase(whole.slice(start, end), phrase)
      writeFileSync(path, whole.slice(0, start) + told + whole.slice(end))
    }
    const header = readHeader(readFileSync(path, 'utf8'))
    const text = part === 'expect' ? header.expect : (header.outcomes[part] ?? '')
    expect(text, `${path}: ${part === 'expect' ? 'Expect' : 'Try'}`).toContain(phrase)
  }
}

/** Where a header says what to expect, or what comes of a command: two may say it in the same words. */
function placeOf(text: string, part: 'expect' | number): readonly [number, number] {
  const expectation = text.indexOf('# Expect:')
  if (part === 'expect') return [expectation, text.search(/^(?!#)/m)]
  const commands = [...text.matchAll(/^#(?: Try:)? +spillway .*$/gm)].map(({ index }) => index)
  return [commands[part]!, commands[part + 1] ?? expectation]
}

/** Numbers, but not those in names such as every-5m. */
const NUMBER = /(?<![-\d,.])\d(?:[\d,.]*\d)?/g

/** The text with the figures of `phrase`, where it says the same with other figures. */
function withPhrase(text: string, phrase: string): string {
  const figures = phrase.match(NUMBER) ?? []
  const words = phrase.split(/\s+/).map((word) =>
    word
      .split(NUMBER)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('\\d(?:[\\d,.]*\\d)?'),
  )
  return text.replace(new RegExp(words.join('\\s+(?:#\\s+)?')), (found) => {
    let next = 0
    return found.replace(NUMBER, () => figures[next++] ?? '')
  })
}

function compareResults(lesson: Lesson, produced: string): void {
  const committed = join(RESULTS, lesson.name)
  // A Region without a price list has no bill.
  const names = (lesson.results ?? SMALL_RESULTS).filter(
    (name) => name !== 'cost.csv' || existsSync(join(produced, name)),
  )
  for (const name of names) {
    const text = readFileSync(join(produced, name), 'utf8')
    const path = join(committed, name)
    if (IS_UPDATE) {
      mkdirSync(committed, { recursive: true })
      writeFileSync(path, text)
    }
    expect(existsSync(path), `${path} exists`).toBe(true)
    expect(text, `${path} is what the scenario produces`).toBe(readFileSync(path, 'utf8'))
  }
  expect(readdirSync(committed).sort()).toEqual([...names].sort())
}
