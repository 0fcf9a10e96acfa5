/**
 * Holds results/validation/sqs-pollers.md to what the runs that it names give. UPDATE_RESULTS=1
 * writes its tables anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { count } from '../../src/report/phrase.ts'
import { type RunView, run } from '../support/run.ts'

const ROOT = new URL('../../', import.meta.url)
const PAGE = new URL('results/validation/sqs-pollers.md', ROOT)

const AZUL = 'functions.contribute-retry'
const AZUL_POLLER = `${AZUL}.events.notifications.poller`
const CHARLES_POLLER = 'functions.test.events.work.poller'
const SPACECAT_POLLER = 'functions.audit-worker.events.jobs.poller'

interface Group {
  /** Between `<!-- NAME -->` and `<!-- end -->`. */
  readonly name: string
  readonly scenario: string
  /** What all its runs set. */
  readonly set: readonly string[]
  readonly columns: readonly string[]
  /** What each run sets beside that, and how the row begins. */
  readonly rows: readonly { readonly label: string; readonly set: readonly string[] }[]
  readonly read: (view: RunView) => readonly string[]
}

/** Throttles per minute from the tenth minute on, and most in five minutes. */
function throttleRates(view: RunView): readonly string[] {
  const perMinute = view.series('contribute-retry.Throttles.sum').slice(10)
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  let most = 0
  for (let at = 0; at + 5 <= perMinute.length; at += 5) {
    most = Math.max(most, sum(perMinute.slice(at, at + 5)))
  }
  return [count(Math.round(sum(perMinute) / perMinute.length)), count(most)]
}

const lostOf = (view: RunView, queue: string) => count(view.ledger(queue).deadLettered ?? 0)

const caps = (poller: string, values: readonly string[]) =>
  values.map((value) => ({
    label: `back-off up to ${value}`,
    set: [`${poller}.backOffCap=${value}`],
  }))

const GROUPS: readonly Group[] = [
  {
    name: '64 places',
    scenario: 'incident-azul-3708',
    set: [
      'platform=2025-11',
      'duration=2h',
      'drain=false',
      'initial.queues.notifications-retry.messages=3000',
      `${AZUL_POLLER}.minimumConcurrency=2`,
    ],
    columns: ['throttles a minute', 'most in 5 minutes'],
    rows: [
      ...caps(AZUL_POLLER, ['20s', '40s', '60s', '2m']),
      ...['1m', '10m'].map((duration) => ({
        label: `60s, and every attempt takes ${duration}`,
        set: [`${AZUL_POLLER}.backOffCap=60s`, `${AZUL}.handler.duration=${duration}`],
      })),
    ],
    read: throttleRates,
  },
  {
    name: '300 places',
    scenario: 'incident-azul-3708',
    set: [
      'platform=2025-11',
      'duration=2h',
      'drain=false',
      'initial.queues.notifications-retry.messages=20000',
      `${AZUL_POLLER}.minimumConcurrency=2`,
      `${AZUL}.reservedConcurrentExecutions=300`,
      `${AZUL}.timeout=5m`,
      `${AZUL}.handler.duration=30s`,
      `${AZUL}.handler.recordFailures.poison=0%`,
      'queues.notifications-retry.visibilityTimeout=310s',
    ],
    columns: ['throttles a minute', 'most in 5 minutes'],
    rows: caps(AZUL_POLLER, ['20s', '60s']),
    read: throttleRates,
  },
  {
    name: '2021',
    scenario: 'incident-azul-3708',
    set: [],
    columns: ['throttles', 'dead-lettered', 'invocations of each'],
    rows: [2, 64, 128, 1000].map((least) => ({
      label: `slows down to ${count(least)} at least`,
      set: [`${AZUL_POLLER}.minimumConcurrency=${least}`],
    })),
    read: (view) => {
      const dead = view.ledger('notifications-retry').deadLettered!
      const failed = view.value('contribute-retry.notifications.FailedInvokeEventCount.sum')
      return [
        count(view.value('contribute-retry.Throttles.sum')),
        count(dead),
        count(failed / dead),
      ]
    },
  },
  {
    name: '2019',
    scenario: 'incident-sqs-reserved-concurrency',
    set: [],
    columns: ['lost of 10'],
    rows: [1, 2, 5, 10, 20].map((initial) => ({
      label: `starts with ${initial}`,
      set: [`${CHARLES_POLLER}.initialConcurrency=${initial}`],
    })),
    read: (view) => [lostOf(view, 'work')],
  },
  {
    name: '2023',
    scenario: 'incident-sqs-reserved-concurrency',
    set: [
      'platform=2023-01',
      'initial.queues.work.messages=100',
      'functions.test.timeout=15s',
      'functions.test.handler.duration=10s',
      'queues.work.visibilityTimeout=20s',
      'functions.test.reservedConcurrentExecutions=5',
    ],
    columns: ['lost of 100'],
    rows: [
      { label: 'without maximum concurrency', set: [] },
      {
        label: 'maximum concurrency 5',
        set: ['functions.test.events.work.scalingConfig.maximumConcurrency=5'],
      },
    ],
    read: (view) => [lostOf(view, 'work')],
  },
  {
    name: 'four messages',
    scenario: 'incident-sqs-reserved-concurrency',
    set: [
      'platform=2025-11',
      'functions.test.runtime=nodejs22.x',
      'initial.queues.work.messages=4',
      'functions.test.handler.duration=3s',
      'queues.work.visibilityTimeout=90s',
    ],
    columns: ['lost of 4'],
    rows: caps(CHARLES_POLLER, ['20s', '2m']),
    read: (view) => [lostOf(view, 'work')],
  },
  {
    name: 'one receive',
    scenario: 'incident-spacecat-2876',
    set: [],
    columns: ['throttles in the first 5 minutes', 'throttles', 'lost of 50'],
    rows: caps(SPACECAT_POLLER, ['20s', '60s', '15m']),
    read: (view) => {
      const perMinute = view.series('audit-worker.Throttles.sum')
      const first = perMinute.findIndex((value) => value > 0)
      const early = perMinute.slice(first, first + 5).reduce((sum, value) => sum + value, 0)
      return [
        count(early),
        count(view.value('audit-worker.Throttles.sum')),
        lostOf(view, 'spacecat-audit-jobs'),
      ]
    },
  },
]

const words = (set: readonly string[]) => set.map((item) => `--set ${item}`)

async function tableOf({ scenario, set, columns, rows, read }: Group): Promise<string> {
  const text = readFileSync(new URL(`scenarios/${scenario}.yaml`, ROOT), 'utf8')
  const command = [`npx spillway run scenarios/${scenario}.yaml`, ...words(set)]
  const lines = [
    '```sh',
    command.join(' \\\n  '),
    '```',
    '',
    `| pollers | with | ${columns.join(' | ')} |`,
    `|---|---|${columns.map(() => '---:|').join('')}`,
  ]
  for (const row of rows) {
    const figures = read(await run(text, { set: [...set, ...row.set] }))
    const added = row.set.length === 0 ? '' : `\`${words(row.set).join(' ')}\``
    lines.push(`| ${row.label} | ${added} | ${figures.join(' | ')} |`)
  }
  return lines.join('\n')
}

test.each(GROUPS)('what the page says of $name is what its runs give', async (group) => {
  const table = await tableOf(group)
  const place = new RegExp(`(<!-- ${group.name} -->\\n)[^]*?(\\n<!-- end -->)`)
  if (process.env.UPDATE_RESULTS === '1') {
    const page = readFileSync(PAGE, 'utf8')
    writeFileSync(
      PAGE,
      page.replace(place, (_, start, end) => `${start}${table}${end}`),
    )
  }
  const page = readFileSync(PAGE, 'utf8')
  expect(page).toMatch(place)
  expect(page).toContain(`<!-- ${group.name} -->\n${table}\n<!-- end -->`)
})
