/**
 * What else might be the case where a scenario leaves something to an assumption, as paths and
 * values that `run --sensitivity` sets. What a kind of resource or event assumes, its entry says.
 */
import { MICROSECONDS_PER_MILLISECOND } from '../kernel/time.ts'
import type { Alternative } from '../model/compiled-scenario.ts'
import { coldStartPreset } from '../model/compute/cold-start-presets.ts'
import type { FunctionConfig } from './schema/function.ts'

/** The alternatives of what stands at `place`, with paths of the scenario. */
export function alternativesAt(
  place: string,
  alternatives: readonly Alternative[],
): readonly Alternative[] {
  return alternatives.map(({ label, set }) => ({
    label,
    set: Object.fromEntries(
      Object.entries(set).map(([path, value]) => [`${place}.${path}`, value]),
    ),
  }))
}

/** Those of several places; the ones with the same label are one, in all the places at once. */
export function joinedAlternatives(
  ofPlaces: readonly (readonly Alternative[])[],
): readonly Alternative[] {
  const sets = new Map<string, Alternative['set']>()
  for (const { label, set } of ofPlaces.flat()) sets.set(label, { ...sets.get(label), ...set })
  return [...sets].map(([label, set]) => ({ label, set }))
}

/** Of functions, where `handOver` is the default. */
export const HAND_OVER_ALTERNATIVES: readonly Alternative[] = ['busy', 'proactive'].map(
  (handOver) => ({ label: handOver, set: { 'coldStart.handOver': handOver } }),
)

/** Of functions without a `placement`. */
export const PLACEMENT_ALTERNATIVES: readonly Alternative[] = [
  { label: 'no time', set: { 'coldStart.placement': '0ms' } },
  {
    label: 'twice as long',
    set: { 'coldStart.placement': { lognormal: { median: '200ms', p99: '800ms' } } },
  },
]

/** About the range of what users report. */
export const RESTORE_ALTERNATIVES: readonly Alternative[] = ['100ms', '1s'].map((restore) => ({
  label: restore,
  set: { 'coldStart.restore': restore },
}))

export const NO_PROACTIVE_INITS: readonly Alternative[] = [
  { label: 'none', set: { 'coldStart.proactive': '0%' } },
]

const POLLER_WINDOWS = [100, 10_000]

/** Of a function with asynchronous events, of which `current` back off at once. */
export function pollerWindowAlternatives(current: number): readonly Alternative[] {
  return POLLER_WINDOWS.filter((window) => window !== current).map((window) => ({
    label: `${window} back off at once`,
    set: { 'eventInvokeConfig.pollerWindow': window },
  }))
}

/** Of traffic whose callers do not retry. */
export const RETRY_ALTERNATIVES: readonly Alternative[] = [
  { label: 'standard retries', set: { 'client.retry': { mode: 'standard' } } },
]

/** Real functions commonly take 3 to 20 times as long as an empty one; above 10 s init is cut. */
const INIT_FACTORS = [3, 10]

/** Of a function without an `init`. */
export function initAlternatives(config: FunctionConfig): readonly Alternative[] {
  const preset = presetOf(config)
  if (preset === null) return []
  return INIT_FACTORS.map((factor) => ({
    label: `${factor} times as long`,
    set: {
      'coldStart.init': {
        lognormal: {
          median: milliseconds(factor * preset.initMedianMs),
          p99: milliseconds(factor * preset.initP99Ms),
        },
      },
    },
  }))
}

/** Of a function without a `firstInvocation`. */
export function firstInvocationAlternatives(config: FunctionConfig): readonly Alternative[] {
  const preset = presetOf(config)
  if (preset === null) return []
  const twiceMs = (2 * preset.firstInvocation.mean) / MICROSECONDS_PER_MILLISECOND
  return [
    { label: 'no longer than others', set: { 'coldStart.firstInvocation': '0ms' } },
    { label: 'twice as much longer', set: { 'coldStart.firstInvocation': milliseconds(twiceMs) } },
  ]
}

function presetOf({ runtime, packageType, architectures, memorySize }: FunctionConfig) {
  return coldStartPreset(runtime, packageType, architectures, memorySize)
}

/** To the microsecond, which is as fine as durations are. */
function milliseconds(value: number): string {
  return `${Math.round(value * MICROSECONDS_PER_MILLISECOND) / MICROSECONDS_PER_MILLISECOND}ms`
}
