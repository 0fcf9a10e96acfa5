/** What each distribution draws, bit for bit: compared with a committed table in every engine. */
import { namedGenerator } from '../../../src/kernel/generator.ts'
import type { Distribution } from '../../../src/model/distributions/distribution.ts'
import { cases, distributionOf } from './cases.ts'

const DRAWN = 32
const SUMMED = 20_000

export interface GoldenDraws {
  readonly draws: readonly number[]
  /** Reaches the rare branches of the samplers, which few draws do not. */
  readonly sum: number
}

export function goldenDraws(name: string, distribution: Distribution): GoldenDraws {
  const values = new Float64Array(SUMMED)
  distribution.fill(namedGenerator(`golden/${name}`), values)
  return {
    draws: [...values.subarray(0, DRAWN)],
    sum: values.reduce((sum, value) => sum + value, 0),
  }
}

/** The table as it is committed. */
export async function goldenTableText(): Promise<string> {
  const table: Record<string, GoldenDraws> = {}
  for (const each of cases) table[each.name] = goldenDraws(each.name, await distributionOf(each))
  return `${JSON.stringify(table, null, 1)}\n`
}
