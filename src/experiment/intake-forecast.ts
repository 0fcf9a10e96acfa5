/** How much of what queues and streams take in a second a load would take at its peak. */
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { Intake } from '../model/entry.ts'
import type { NodeIntake } from '../model/forecast-inputs.ts'
import { bareName } from '../model/node-names.ts'
import type { LimitForecast } from './limit-forecast.ts'
import type { Loads } from './message-flow.ts'
import { peakRate } from './offered-load.ts'

/** Messages of one call of a producer that sends many at an instant. */
const MESSAGES_PER_CALL = 10
const BYTES_PER_KILOBYTE = 1_024

/** What is refused to whoever sends it. */
export function intakeLimits(compiled: CompiledScenario, loads: Loads): LimitForecast[] {
  return compiled.intakes
    .filter(({ path }) => !isResharded(compiled, path))
    .flatMap((node) =>
      node.limits.flatMap((intake): LimitForecast[] => {
        const demand = demandFor(compiled, loads, node, intake)
        if (demand === null) return []
        const { limit, counts, perSecond } = intake
        const unit = `${counts}/s`
        return [{ name: node.name, limit, unit, demand, allowed: perSecond, effect: 'is refused' }]
      }),
    )
}

/** Then it takes different amounts at different times. */
function isResharded({ timeline }: CompiledScenario, path: string): boolean {
  return timeline.some(
    (action) => action.kind === 'command' && action.partPath === path && action.verb === 'reshard',
  )
}

/** Of producers as they send; of all others each message by itself, and of an unknown size. */
function demandFor(
  compiled: CompiledScenario,
  loads: Loads,
  { path }: NodeIntake,
  { counts }: Intake,
): number | null {
  let demand = counts === 'KB' ? 0 : loads.at(path).perSecond
  for (const traffic of compiled.traffic) {
    const { target } = traffic
    if (target.kind !== 'handover') continue
    if (`${target.section}.${bareName(target.reference)}` !== path) continue
    const rate = peakRate(compiled, traffic)
    if (rate === null || demand === null) return null
    const { batch, shape } = target
    if (counts === 'KB') demand += (rate * batch * shape.sizeBytes) / BYTES_PER_KILOBYTE
    if (counts === 'calls') demand -= rate * (batch - Math.ceil(batch / MESSAGES_PER_CALL))
  }
  return demand
}
