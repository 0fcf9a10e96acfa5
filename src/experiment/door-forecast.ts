/** How much of what front doors let through a load would take at its peak. */
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { DoorLimit } from '../model/forecast-inputs.ts'
import type { LimitForecast } from './limit-forecast.ts'
import type { Loads } from './message-flow.ts'
import { peakRate, sumKnown } from './offered-load.ts'

export function doorForecasts(compiled: CompiledScenario, loads: Loads): LimitForecast[] {
  return compiled.doorLimits.flatMap((limit): LimitForecast[] => {
    const demand = sumKnown(limit.sources.map((source) => demandOf(compiled, loads, source)))
    if (demand === null) return []
    const { name, perSecond: allowed } = limit
    const common = { name, limit: limit.limit, unit: 'requests/s', effect: 'is refused' } as const
    return [{ ...common, demand, allowed }]
  })
}

function demandOf(
  compiled: CompiledScenario,
  loads: Loads,
  source: DoorLimit['sources'][number],
): number | null {
  if ('producer' in source) {
    const traffic = compiled.traffic.find(({ name }) => name === source.producer)
    return traffic === undefined ? null : peakRate(compiled, traffic)
  }
  const { perSecond } = loads.at(source.path)
  return perSecond === null ? null : perSecond * source.share
}
