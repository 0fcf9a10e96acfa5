/** The rules of the house that a compiler does not check. */
import { describe, expect, it } from 'vitest'
import { IDLE_SELECTIONS } from '../src/model/compute/idle-selection/index.ts'
import { KEEP_ALIVE_POLICIES } from '../src/model/compute/keep-alive/index.ts'
import { distributions } from '../src/model/distributions/index.ts'
import { ARRIVAL_PROCESSES } from '../src/model/traffic/index.ts'
import { TRACE_FORMAT_KINDS } from '../src/model/traffic/traces/index.ts'
import { codeOf, filesBelow, importsOf, stringsIn, textOf } from './support/source-files.ts'

const SOURCES = filesBelow('src', '.ts')

/** Each imports from itself and from those before it only. */
const LAYERS = ['kernel', 'stats', 'model', 'scenario', 'experiment', 'report', 'cli'] as const

/** The layers that run unchanged in Node and in a browser, and give the same bits in both. */
const PURE_LAYERS: readonly string[] = ['kernel', 'stats', 'model']

function layerOf(path: string): string {
  return path.split('/')[1] ?? ''
}

const PURE_SOURCES = SOURCES.filter((path) => PURE_LAYERS.includes(layerOf(path)))

/** `path: what` for everything that a check found. */
function findings(paths: readonly string[], find: (path: string) => readonly string[]): string[] {
  return paths.flatMap((path) => find(path).map((what) => `${path}: ${what}`))
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[0])
}

/** Of a template, as text. */
const BACK = '`'
const OPEN = '$' + '{'

describe('the code that these checks read', () => {
  it('is found', () => {
    expect(SOURCES.length).toBeGreaterThan(100)
    for (const layer of LAYERS) expect(SOURCES.some((path) => layerOf(path) === layer)).toBe(true)
  })

  it('loses its comments, strings and regular expressions, and nothing else', () => {
    const text = [
      "const a = 'x // y' // ** comment",
      `const b = ${BACK}Math.exp ${OPEN}c ** ${BACK}${OPEN}d}${BACK} /* */ + {e: 1}.e} z${BACK}`,
      'const f = g / h / i',
      "return /[/'*]+/.test(j) ? k : 'l\\'m' /* n */",
    ].join('\n')
    expect(codeOf(text)).toBe(
      [
        "const a = '' ",
        `const b = ${BACK}${OPEN}c ** ${BACK}${OPEN}d}${BACK}  + {e: 1}.e}${BACK}`,
        'const f = g / h / i',
        "return / /.test(j) ? k : '' ",
      ].join('\n'),
    )
  })
})

describe('layers', () => {
  it('import from layers to their left only', () => {
    const found = findings(
      SOURCES.filter((path) => path !== 'src/index.ts'),
      (path) => {
        const own = LAYERS.indexOf(layerOf(path) as (typeof LAYERS)[number])
        expect(own, path).toBeGreaterThanOrEqual(0)
        return importsOf(path).filter((target) => {
          if (!target.startsWith('src/')) return false
          const other = LAYERS.indexOf(layerOf(target) as (typeof LAYERS)[number])
          return other > own || other < 0
        })
      },
    )
    expect(found).toEqual([])
  })

  it('hide the command line from the library', () => {
    expect(importsOf('src/index.ts').filter((target) => target.startsWith('src/cli/'))).toEqual([])
  })

  it('know no word of Lambda where they are general', () => {
    const general = SOURCES.filter((path) => ['kernel', 'stats'].includes(layerOf(path)))
    expect(findings(general, (path) => matches(textOf(path), /\b(Lambda|AWS|lambda)\b/g))).toEqual(
      [],
    )
  })
})

describe('kernel, statistics and model', () => {
  it('import no module of Node', () => {
    const found = findings(PURE_SOURCES, (path) =>
      importsOf(path).filter((target) =>
        /^node:|^(fs|path|os|crypto|util|worker_threads)$/.test(target),
      ),
    )
    expect(found).toEqual([])
  })

  it('use nothing of a page or of Node', () => {
    // Only where they are used: `process` is also what traffic has.
    const globals =
      /(?<![.\w$])(window|document|navigator|localStorage|fetch|process|Buffer|globalThis|require|setTimeout|setInterval|setImmediate|queueMicrotask)\s*[.([]/g
    const found = findings(PURE_SOURCES, (path) => matches(codeOf(textOf(path)), globals))
    expect(found).toEqual([])
  })

  it('read no clock and no random numbers but their own', () => {
    // Date.parse and Date.UTC are arithmetic; a date without an argument is the clock.
    const clock =
      /\bDate\.now\b|\bnew Date\(\s*\)|(?<!new )\bDate\(|\bperformance\b|\bMath\.random\b|\bcrypto\b/g
    expect(findings(PURE_SOURCES, (path) => matches(codeOf(textOf(path)), clock))).toEqual([])
  })
})

describe('code on the way to a result', () => {
  it('use only operations whose bits IEEE 754 fixes', () => {
    const allowed =
      'sqrt|floor|round|abs|min|max|imul|trunc|ceil|clz32|fround|sign|PI|LN2|E|SQRT2|SQRT1_2'
    const loose = new RegExp(`\\bMath\\.(?!(?:${allowed})\\b)\\w+|\\bMath\\[|\\*\\*`, 'g')
    expect(findings(SOURCES, (path) => matches(codeOf(textOf(path)), loose))).toEqual([])
  })

  it('depend on no locale', () => {
    const locale = /\.(toLocale\w+|localeCompare|normalize)\b|\bIntl\b/g
    expect(findings(SOURCES, (path) => matches(codeOf(textOf(path)), locale))).toEqual([])
  })
})

/** Packages that only some files may import. */
const PACKAGES: Readonly<Record<string, (path: string) => boolean>> = {
  // Entries of lists, the units that they share, and the scenario.
  zod: (path) =>
    layerOf(path) === 'scenario' ||
    ['src/model/units.ts', 'src/model/entry.ts'].includes(path) ||
    /^src\/model\/messages\/[a-z-]*schema\.ts$/.test(path) ||
    /^src\/model\/(distributions|traffic|clients|doors|downstream|network|resources|invocation|workflow|compute\/(keep-alive|idle-selection|managed-instances))\//.test(
      path,
    ),
  seedrandom: (path) => path === 'src/kernel/generator.ts',
  yaml: (path) => layerOf(path) === 'scenario',
  yargs: (path) => layerOf(path) === 'cli',
  'cli-progress': (path) => layerOf(path) === 'cli',
  'cli-table3': (path) => layerOf(path) === 'report',
  'csv-stringify': (path) => layerOf(path) === 'report' || layerOf(path) === 'cli',
  jsonata: (path) => path.startsWith('src/scenario/workflow/'),
  'jsonpath-plus': (path) => path.startsWith('src/scenario/workflow/'),
  'csv-parse': (path) => /^src\/model\/(distributions|traffic\/traces)\//.test(path),
  'simple-statistics': (path) => layerOf(path) === 'stats' || layerOf(path) === 'experiment',
}

function packageOf(target: string): string {
  const [scope = '', name] = target.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

describe('packages', () => {
  it('are imported only where they have their place', () => {
    const found = findings(SOURCES, (path) =>
      importsOf(path)
        .filter((target) => !target.startsWith('src/') && !target.startsWith('node:'))
        .filter((target) => PACKAGES[packageOf(target)]?.(path) !== true),
    )
    expect(found).toEqual([])
  })

  it('are declared as dependencies', () => {
    const { dependencies } = JSON.parse(textOf('package.json')) as { dependencies: object }
    const used = new Set(
      SOURCES.flatMap(importsOf)
        .filter((target) => !target.startsWith('src/') && !target.startsWith('node:'))
        .map(packageOf),
    )
    expect([...used].filter((name) => !Object.hasOwn(dependencies, name))).toEqual([])
  })

  it('leave the modules of Node to the command line', () => {
    const found = findings(
      SOURCES.filter((path) => layerOf(path) !== 'cli'),
      (path) => importsOf(path).filter((target) => target.startsWith('node:')),
    )
    expect(found).toEqual([])
  })
})

const MOST_LINES = 300
/** Files that may be longer, and why. */
const LONG_FILES: Readonly<Record<string, string>> = {
  'src/model/compute/cold-start-presets-data.ts': 'a table of measurements',
  'src/model/metrics/catalogue-messaging.ts': 'a table of metrics',
  'src/model/compute/environments.ts':
    'the whole life of an environment, whose state is one record',
}

/** Methods of the statistics that stand by themselves. */
const OFFERED = ['src/stats/moments.ts', 'src/stats/warm-up.ts']

describe('files', () => {
  it('have at most three hundred lines of code', () => {
    const found = SOURCES.filter((path) => LONG_FILES[path] === undefined).flatMap((path) => {
      const lines = codeOf(textOf(path)).split('\n')
      const { length } = lines.filter((line) => line.trim() !== '')
      return length > MOST_LINES ? [`${path}: ${length} lines`] : []
    })
    expect(found).toEqual([])
  })

  it('are only excepted from that while they need it', () => {
    for (const path of Object.keys(LONG_FILES)) {
      expect(textOf(path).split('\n').length).toBeGreaterThan(MOST_LINES)
    }
  })

  it('are all reached from an entry point', () => {
    const reached = new Set<string>()
    const queue = ['src/index.ts', 'src/cli/main.ts', 'src/cli/reference.ts', ...OFFERED]
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (reached.has(path)) continue
      reached.add(path)
      queue.push(...importsOf(path).filter((target) => target.startsWith('src/')))
    }
    expect(SOURCES.filter((path) => !reached.has(path))).toEqual([])
  })

  it('import each other with their full names', () => {
    const found = findings(SOURCES, (path) =>
      importsOf(path).filter((target) => target.startsWith('src/') && !SOURCES.includes(target)),
    )
    expect(found).toEqual([])
  })

  it('have no default export', () => {
    const pattern = /\bexport default\b/g
    expect(findings(SOURCES, (path) => matches(codeOf(textOf(path)), pattern))).toEqual([])
  })
})

const THIS_FILE = 'test/tidy.test.ts'

describe('words', () => {
  it('speak of the project alone and leave nothing for later', () => {
    const written = [
      ...SOURCES,
      ...filesBelow('docs', '.md'),
      ...filesBelow('scripts', '.ts'),
      ...filesBelow('scenarios', '.yaml', '.md'),
      ...filesBelow('test', '.ts', '.md', '.yaml'),
    ].filter((path) => path !== THIS_FILE)
    const forbidden =
      /\bTODO\b|\bFIXME\b|\bXXX\b|\/work\/|\/tmp\/|\bthis session\b|\bagents?\b|\bassistant\b/g
    expect(findings(written, (path) => matches(textOf(path), forbidden))).toEqual([])
    const pages = [...written, 'README.md', 'CHANGELOG.md']
    const unmerged = /^(<{7}|>{7}) .*$/gm
    expect(findings(pages, (path) => matches(textOf(path), unmerged))).toEqual([])
  })

  it('speak of no session in the code', () => {
    expect(findings(SOURCES, (path) => matches(textOf(path), /\bsessions?\b/gi))).toEqual([])
  })
})

/** The lists of kinds: one file and one line add one. */
const KINDS: readonly { readonly folder: string; readonly kinds: readonly string[] }[] = [
  { folder: 'src/model/distributions/', kinds: distributions.map(({ kind }) => kind) },
  { folder: 'src/model/traffic/traces/', kinds: TRACE_FORMAT_KINDS },
  { folder: 'src/model/traffic/', kinds: ARRIVAL_PROCESSES.map(({ kind }) => kind) },
  { folder: 'src/model/compute/keep-alive/', kinds: KEEP_ALIVE_POLICIES.map(({ kind }) => kind) },
  { folder: 'src/model/compute/idle-selection/', kinds: IDLE_SELECTIONS.map(({ kind }) => kind) },
]

/** Where a kind may be named outside of its folder, and why. */
const KINDS_NAMED: Readonly<Record<string, string>> = {
  'src/scenario/known-words.ts': 'leads the words of other tools to ours',
  'src/model/clients/retry-modes/exponential.ts': 'a retry mode that bears the same name',
  'src/scenario/scenario-files.ts': 'only an empirical distribution names a file',
  'src/scenario/compile-function.ts': 'the default keep-alive is the preset of the date',
  'src/scenario/assumptions.ts': 'says which undocumented default took part',
}

describe('kinds', () => {
  it('are named in their own folders and not in shared code', () => {
    const found = findings(
      SOURCES.filter((path) => KINDS_NAMED[path] === undefined),
      (path) => {
        const isOwn = ({ folder }: { folder: string }) => path.startsWith(folder)
        // Two lists may have a kind of one name: constant rates, constant durations.
        const own = new Set(KINDS.filter(isOwn).flatMap(({ kinds }) => kinds))
        const all = new Set(KINDS.flatMap(({ kinds }) => kinds))
        return stringsIn(path).filter((text) => all.has(text) && !own.has(text))
      },
    )
    expect(found).toEqual([])
  })

  it('are excepted from that only while it is true', () => {
    const all = new Set(KINDS.flatMap(({ kinds }) => kinds))
    for (const path of Object.keys(KINDS_NAMED)) {
      expect(stringsIn(path).some((text) => all.has(text))).toBe(true)
    }
  })

  it('are one file each, and each file of a kind is in its list', () => {
    for (const { folder, kinds } of KINDS) {
      const defined = filesBelow(folder.slice(0, -1), '.ts')
        .filter((path) => path.slice(folder.length).includes('/') === false)
        .flatMap((path) =>
          matches(textOf(path), /^ {2,4}kind: '[^']+',\n +(?:summary|selectedBy|header)\b/gm),
        )
        .map((line) => line.split("'")[1] ?? '')
      expect([...defined].sort(), folder).toEqual([...kinds].sort())
    }
  })
})
