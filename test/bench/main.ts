/**
 * `npm run bench [-- --short]`: the reference workloads through the command line, beside a plain
 * hand-written loop of the same work in the same run. Only the ratio travels between machines.
 */
import Table from 'cli-table3'
import { assertAgreement } from './agreement.ts'
import { runCommand } from './command.ts'
import { MESSAGE_WORKLOADS } from './message-workloads.ts'
import { runPlainLoop } from './plain-loop.ts'
import { plainLoopOf, scenarioOf, WORKLOADS, type Workload } from './workloads.ts'

const isShort = process.argv.includes('--short')
const ARRIVALS = isShort ? 1_000_000 : 10_000_000
const ROUNDS = isShort ? 1 : 3

interface Measured {
  readonly engineNs: number
  readonly plainNs: number
  readonly peakMegabytes: number
}

function measureOnce(workload: Workload): Measured {
  const seconds = ARRIVALS / workload.arrivalRatePerSecond
  const startUp = runCommand(scenarioOf(workload, Math.min(60, seconds / 100)))
  const whole = runCommand(scenarioOf(workload, seconds))
  const before = process.cpuUsage()
  const plain = runPlainLoop(plainLoopOf(workload, ARRIVALS, 7))
  const { user, system } = process.cpuUsage(before)
  if (!Number.isFinite(plain.checksum)) throw new Error('the plain loop went wrong')
  return {
    engineNs: ((whole.cpuSeconds - startUp.cpuSeconds) * 1e9) / ARRIVALS,
    plainNs: ((user + system) * 1e3) / ARRIVALS,
    peakMegabytes: whole.peakMegabytes,
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!
}

const table = new Table({
  head: ['W1', 'arrivals', 'engine ns', 'plain ns', 'ratio', 'invocations/s', 'peak MB'],
  colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [] },
})
for (const workload of WORKLOADS) {
  if (!isShort) assertAgreement(workload, WORKLOADS.length)
  const rounds = Array.from({ length: ROUNDS }, () => measureOnce(workload))
  const engineNs = median(rounds.map((round) => round.engineNs))
  const plainNs = median(rounds.map((round) => round.plainNs))
  table.push([
    workload.name,
    ARRIVALS.toLocaleString('en'),
    engineNs.toFixed(0),
    plainNs.toFixed(0),
    (engineNs / plainNs).toFixed(2),
    `${(1_000 / engineNs).toFixed(2)} M`,
    median(rounds.map((round) => round.peakMegabytes)).toFixed(0),
  ])
}
console.log(table.toString())

const messageTable = new Table({
  head: ['workload', 'messages', 'of', 'ns each', 'per second', 'peak MB'],
  colAligns: ['left', 'right', 'left', 'right', 'right', 'right'],
  style: { head: [], border: [] },
})
for (const { name, what, count, scenario } of MESSAGE_WORKLOADS) {
  const messages = count(ARRIVALS)
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startUp = runCommand(scenario(messages / 100))
    const whole = runCommand(scenario(messages))
    const ns = ((whole.cpuSeconds - startUp.cpuSeconds) * 1e9) / (messages * 0.99)
    return { ns, peakMegabytes: whole.peakMegabytes }
  })
  const ns = median(rounds.map((round) => round.ns))
  messageTable.push([
    name,
    messages.toLocaleString('en'),
    what,
    ns.toFixed(0),
    `${(1_000 / ns).toFixed(2)} M`,
    median(rounds.map((round) => round.peakMegabytes)).toFixed(0),
  ])
}
console.log(messageTable.toString())
console.log(
  isShort
    ? 'short: start-up of the compiler weighs in, and agreement of results was not checked'
    : `median of ${ROUNDS} rounds; both programs agree on throttles, cold starts and mean concurrency`,
)
