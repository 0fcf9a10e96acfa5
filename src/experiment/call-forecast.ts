/** How much of databases, services and tables the calls of handlers would take at their peak. */
import type { CompiledScenario, HandlerCall, HandlerStep } from '../model/compiled-scenario.ts'
import type { CalledNode } from '../model/forecast-inputs.ts'
import { bareName } from '../model/node-names.ts'
import type { FunctionForecast, LimitForecast } from './limit-forecast.ts'
import type { Loads } from './message-flow.ts'
import { sumKnown } from './offered-load.ts'

interface CallForecast {
  readonly call: HandlerCall
  readonly perSecond: number | null
  readonly caller: FunctionForecast
}

/** Throttled calls that are tried again come on top. */
export function callLimits(
  compiled: CompiledScenario,
  functions: readonly FunctionForecast[],
  loads: Loads,
): LimitForecast[] {
  const calls = callForecasts(compiled, functions, loads)
  return compiled.calledNodes
    .filter(({ path }) => !isChanged(compiled, path))
    .flatMap((node) =>
      limitsOf(
        node,
        calls.filter(({ call }) => leadsTo(call, node.path)),
      ),
    )
}

/** Then it gives different amounts at different times. */
function isChanged({ timeline }: CompiledScenario, path: string): boolean {
  return timeline.some(
    (action) =>
      action.kind === 'set' && action.change.kind === 'part' && action.change.partPath === path,
  )
}

function leadsTo({ sections, to }: HandlerCall, path: string): boolean {
  return sections.some((section) => `${section}.${bareName(to)}` === path)
}

function callForecasts(
  compiled: CompiledScenario,
  functions: readonly FunctionForecast[],
  loads: Loads,
): CallForecast[] {
  return compiled.functions.flatMap(({ name, handler }, index) => {
    const { perSecond } = loads.at(`functions.${name}`)
    return weighted(handler.steps).map(({ call, times }) => ({
      call,
      perSecond: timesKnown(perSecond, times),
      caller: functions[index]!,
    }))
  })
}

/** How often each call is made in an invocation, on average. */
function weighted(steps: readonly HandlerStep[]): { call: HandlerCall; times: number }[] {
  return steps.flatMap((step) => {
    const times = step.count * step.probability
    if (step.kind === 'call') return [{ call: step, times }]
    if (step.kind === 'compute') return []
    return weighted(step.branches.flat()).map((inner) => ({ ...inner, times: inner.times * times }))
  })
}

function limitsOf({ name, limits }: CalledNode, calls: readonly CallForecast[]): LimitForecast[] {
  if (calls.length === 0) return []
  return limits.flatMap(({ limit, unit, allowed, perCall, effect }): LimitForecast[] => {
    const demand =
      perCall === null
        ? invocationsAtOnce(calls)
        : sumKnown(calls.map(({ call, perSecond }) => timesKnown(perSecond, perCall(call))))
    return demand === null ? [] : [{ name, limit, unit, demand, allowed, effect }]
  })
}

function timesKnown(perSecond: number | null, units: number): number | null {
  return perSecond === null ? null : perSecond * units
}

/** However many calls a function makes there, it counts once. */
function invocationsAtOnce(calls: readonly CallForecast[]): number | null {
  const callers = [...new Set(calls.map(({ caller }) => caller))]
  return sumKnown(callers.map(({ peakConcurrency }) => peakConcurrency))
}
