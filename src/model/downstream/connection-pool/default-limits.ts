/**
 * How many connections a database takes where nobody has set max_connections: the defaults of RDS
 * and Aurora, from the memory of the instance.
 * Source: Amazon RDS user guide, "Quotas and constraints", maximum number of database connections;
 * Aurora user guide, "Maximum connections to an Aurora MySQL DB instance".
 */
import { log } from '../../../kernel/elementary.ts'

interface Engine {
  /** AWS's name of it. */
  readonly name: string
  readonly limit: (memoryBytes: number) => number
}

/** Memory over so many bytes for each connection, and no more than `most`. */
function perConnection(bytes: number, most = Number.POSITIVE_INFINITY): Engine['limit'] {
  return (memoryBytes) => Math.min(memoryBytes / bytes, most)
}

/**
 * The formula has logarithms, the documented results have steps: 45, 90 and 135 for 2, 4 and 8 GiB,
 * 1,000 for 16 GiB, 7,000 for 768 GiB. All are those of rounded logarithms.
 */
function auroraMySql(memoryBytes: number): number {
  const steps = (bytes: number): number => Math.round(log(memoryBytes / bytes) / Math.LN2)
  const limit = Math.max(steps(805_306_368) * 45, steps(8_187_281_408) * 1_000)
  return Math.min(limit, 16_000)
}

const postgres = perConnection(9_531_392, 5_000)

const ENGINES: readonly Engine[] = [
  { name: 'mysql', limit: perConnection(12_582_880) },
  { name: 'mariadb', limit: perConnection(25_165_760, 12_000) },
  { name: 'postgres', limit: postgres },
  { name: 'oracle-ee', limit: perConnection(9_868_951, 20_000) },
  { name: 'aurora-mysql', limit: auroraMySql },
  { name: 'aurora-postgresql', limit: postgres },
]

export const ENGINE_NAMES: readonly string[] = ENGINES.map(({ name }) => name)

export interface InstanceConfig {
  readonly engine: string
  /** As the class of the instance has it, bytes. */
  readonly memory: number
  /** Share of it that the operating system and RDS keep for themselves. */
  readonly deductedMemory: number
}

/** To the nearest whole number, as the user guide prints it; at least 1. */
export function defaultMaxConnections({ engine, memory, deductedMemory }: InstanceConfig): number {
  const known = ENGINES.find(({ name }) => name === engine)
  if (known === undefined) throw new RangeError(`there is no engine ${engine}`)
  return Math.max(1, Math.round(known.limit(memory * (1 - deductedMemory))))
}
