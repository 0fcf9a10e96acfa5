/** What `explain --at` says of an instant, in blocks. */
import type { FunctionSnapshot, StateSnapshot } from '../experiment/replication.ts'
import { formatDuration } from '../kernel/time.ts'
import type { Block, Column, Row } from './document.ts'
import { count, instant, listedUpTo } from './phrase.ts'
import { headroomBlocks } from './summary/context.ts'
import { holdLabel } from './summary/holds.ts'
import { throttleCause } from './summary/throttle-causes.ts'

const PLACES_TOLD = 4

export function snapshotBlocks(scenarioName: string, snapshot: StateSnapshot): Block[] {
  const { functions } = snapshot
  const bound = functions.filter(({ bindingLimit }) => bindingLimit !== null)
  const blocks: Block[] = bound.map((state) => boundVerdict(state, snapshot))
  if (bound.length === 0) {
    blocks.push(nothingBinds(snapshot))
  }
  return [
    ...blocks,
    stateTable(functions),
    accountTable(snapshot),
    ...backlogTable(snapshot),
    ...throttleTable(functions),
    ...headroomBlocks(snapshot.headroom, 'Headroom so far'),
    {
      kind: 'note',
      text: `${scenarioName} at ${formatDuration(snapshot.atUs)}, before anything of that instant`,
    },
  ]
}

/** No function would refuse a request; what waits then waits for its reader. */
function nothingBinds({ atUs, backlogs }: StateSnapshot): Block {
  const waiting = backlogs.filter((backlog) => backlog.waiting > 0)
  const at = `At ${formatDuration(atUs)}`
  if (waiting.length === 0) {
    const text = `${at} nothing binds: every function would admit the next request.`
    return { kind: 'verdict', tone: 'good', text, lines: [] }
  }
  const places = waiting.map((place) => `${count(place.waiting)} in ${place.scope} ${place.name}`)
  const text = `${at} every function would admit the next request, but things wait: ${listedUpTo(places, PLACES_TOLD)}. ${holdsOf(waiting)}`
  return { kind: 'verdict', tone: 'doubtful', text, lines: [] }
}

/** What binds in each place that something waits in. */
function holdsOf(waiting: StateSnapshot['backlogs']): string {
  const holds = waiting.flatMap(({ name, heldBy }) =>
    heldBy === null ? [] : [`${name} is held by ${holdLabel(heldBy)}.`],
  )
  return holds.slice(0, PLACES_TOLD).join(' ')
}

function boundVerdict(state: FunctionSnapshot, { atUs }: StateSnapshot): Block {
  const { label, cure } = throttleCause(state.bindingLimit!)
  return {
    kind: 'verdict',
    tone: 'bad',
    text: `At ${formatDuration(atUs)} the ${label} binds ${state.name}: the next request would be refused.`,
    lines: [`It would take ${cure(state.name)}`],
  }
}

function stateTable(functions: readonly FunctionSnapshot[]): Block {
  const hasProvisioned = functions.some(
    (state) => state.provisionedReady + state.provisionedAllocating > 0,
  )
  const titles = ['function', 'in flight', 'in init', 'idle', 'environments', 'reserved', 'may add']
  if (hasProvisioned) titles.push('provisioned')
  const rows = functions.map((state): Row => {
    const cells = [
      state.name,
      count(state.inFlight),
      count(state.waitingForInit),
      count(state.idleEnvironments),
      count(state.environments),
      state.reservedConcurrency === null ? '-' : count(state.reservedConcurrency),
      Number.isFinite(state.scalingTokens) ? count(state.scalingTokens) : 'unlimited',
    ]
    if (hasProvisioned) cells.push(provisionedCell(state))
    return { tone: state.bindingLimit === null ? 'plain' : 'bad', cells }
  })
  const columns = titles.map(
    (title, position): Column => ({ title, align: position === 0 ? 'left' : 'right' }),
  )
  return { kind: 'table', title: 'Functions', columns, rows, hasHead: true }
}

/** `80 of 100 busy`, and what is still being allocated. */
function provisionedCell(state: FunctionSnapshot): string {
  const busy = `${count(state.provisionedBusy)} of ${count(state.provisionedReady)} busy`
  return state.provisionedAllocating > 0
    ? `${busy}, ${count(state.provisionedAllocating)} coming`
    : busy
}

function accountTable({ account }: StateSnapshot): Block {
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ]
  const used = `${count(account.unreservedInFlight)} of ${count(account.unreservedLimit)} in flight`
  const tokens = `${count(account.requestTokens)} of ${count(account.requestTokenCapacity)} requests left`
  return {
    kind: 'table',
    title: 'Account',
    columns,
    hasHead: false,
    rows: [
      { tone: 'plain', cells: ['unreserved concurrency', used] },
      { tone: 'plain', cells: ['request rate', tokens] },
      { tone: 'plain', cells: ['limit', count(account.limit)] },
    ],
  }
}

function backlogTable({ backlogs }: StateSnapshot): Block[] {
  if (backlogs.length === 0) return []
  const rows = backlogs.map(
    ({ scope, name, waiting, total }): Row => ({
      tone: waiting > 0 ? 'doubtful' : 'plain',
      cells: [`${scope} ${name}`, count(waiting), count(total)],
    }),
  )
  const columns: Column[] = [
    { title: 'place', align: 'left' },
    { title: 'waiting', align: 'right' },
    { title: 'entered so far', align: 'right' },
  ]
  return [{ kind: 'table', title: 'Events and messages', columns, rows, hasHead: true }]
}

function throttleTable(functions: readonly FunctionSnapshot[]): Block[] {
  const rows = functions.flatMap(({ throttles }) =>
    throttles.map(
      (record): Row => ({
        tone: 'bad',
        cells: [
          record.functionName,
          throttleCause(record.cause).label,
          count(record.count),
          instant(record.firstUs),
          instant(record.lastUs),
        ],
      }),
    ),
  )
  if (rows.length === 0) return []
  const columns: Column[] = [
    { title: 'function', align: 'left' },
    { title: 'limit', align: 'left' },
    { title: 'count', align: 'right' },
    { title: 'first', align: 'right' },
    { title: 'last', align: 'right' },
  ]
  return [{ kind: 'table', title: 'Throttled so far', columns, rows, hasHead: true }]
}
