/** Ports and network interfaces that ran out, and what would have prevented it. */
import type { RunResult } from '../../experiment/result.ts'
import type { Block } from '../document.ts'
import { count, percent } from '../phrase.ts'
import type { ResultIndex } from './result-index.ts'

const PORTS = 'ports to '

/** Causes of throttles that say it already, with the functions that they struck. */
const TOLD_OF_FUNCTIONS: ReadonlySet<string> = new Set([
  'network-interfaces',
  'subnet-addresses',
  'function-without-interface',
  'function-without-address',
])

export function networkVerdicts(result: RunResult, index: ResultIndex): Block[] {
  const isTold = result.throttles.some(({ cause }) => TOLD_OF_FUNCTIONS.has(cause))
  return index
    .names('network')
    .flatMap((name) => [
      ...portVerdicts(result, index, name),
      ...(isTold ? [] : interfaceVerdicts(index, name)),
    ])
}

/** A NAT gateway had no port left. */
function portVerdicts({ headroom }: RunResult, index: ResultIndex, name: string): Block[] {
  const value = (metric: string) => index.value('network', name, metric, 'sum') ?? 0
  const errors = value('ErrorPortAllocation')
  if (errors === 0) return []
  const attempts = value('ConnectionAttemptCount')
  const full = headroom.filter(
    (row) =>
      row.scope === 'network' &&
      row.name === name &&
      row.limit.startsWith(PORTS) &&
      row.used >= row.available,
  )
  const where = full
    .map(({ limit, available }) => `${limit.slice(PORTS.length)} (${count(available)} ports)`)
    .join(', ')
  const text = `${name} had no port left for ${count(errors)} of ${count(attempts)} connections (${percent(errors / attempts)}), to ${where}.`
  const lines = [
    'CloudWatch counts them as ErrorPortAllocation of the NAT gateway.',
    `It would have taken connections that are kept open (network.connection: per-environment), more natGateways.${name}.addresses (up to 8), or a way around it, such as a VPC endpoint.`,
  ]
  return [{ kind: 'verdict', tone: 'bad', text, lines }]
}

/** Lambda could not make a network interface. */
function interfaceVerdicts(index: ResultIndex, name: string): Block[] {
  const errors = index.value('network', name, 'NetworkInterfaceErrors', 'sum') ?? 0
  if (errors === 0) return []
  const text = `A network interface was needed in ${name} ${count(errors)} times and could not be made.`
  const lines = [
    `It would have taken a higher vpcs.${name}.networkInterfaceLimit, or subnets with more addresses, whichever the headroom below shows as reached.`,
  ]
  return [{ kind: 'verdict', tone: 'bad', text, lines }]
}
