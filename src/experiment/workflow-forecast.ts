/** How much of the quotas of Step Functions a load would take at its peak. */
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { LimitForecast } from './limit-forecast.ts'
import type { Loads, NodeLoad } from './message-flow.ts'
import { sumKnown } from './offered-load.ts'

export function workflowForecasts(compiled: CompiledScenario, loads: Loads): LimitForecast[] {
  return compiled.workflowLimits.flatMap(({ limit, perSecond, counts, sources }) => {
    const demand = sumKnown(
      sources.map(({ path, share }) => {
        const load = loads.at(path)
        const rate = counts === 'starts' ? notAwaited(load) : load.perSecond
        return rate === null ? null : rate * share
      }),
    )
    if (demand === null || demand === 0) return []
    const effect = counts === 'starts' ? 'is refused' : 'waits'
    const unit = `${counts}/s`
    return [{ name: 'account', limit, unit, demand, allowed: perSecond, effect } as const]
  })
}

/** No quota holds for executions whose ends are waited for. */
function notAwaited({ perSecond, synchronousPerSecond }: NodeLoad): number | null {
  if (perSecond === null || synchronousPerSecond === null) return null
  return perSecond - synchronousPerSecond
}
