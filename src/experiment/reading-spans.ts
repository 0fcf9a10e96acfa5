/** When an event source mapping reads: it may be switched off at the start, and by the timeline. */
import type { CompiledScenario } from '../model/compiled-scenario.ts'
import type { Polling } from '../model/forecast-inputs.ts'

export interface ReadingSpan {
  readonly fromUs: number
  readonly untilUs: number
}

/** In order and without gaps of no length; empty: it never reads. */
export function readingSpans(
  { timeline, durationUs }: Pick<CompiledScenario, 'timeline' | 'durationUs'>,
  { partPath, isEnabled }: Polling,
): readonly ReadingSpan[] {
  const spans: ReadingSpan[] = []
  let fromUs = isEnabled ? 0 : null
  for (const action of timeline) {
    if (action.kind !== 'command' || action.partPath !== partPath) continue
    const isOn = action.verb === 'enable'
    if (isOn && fromUs === null) fromUs = action.atUs
    if (!isOn && fromUs !== null) {
      if (action.atUs > fromUs) spans.push({ fromUs, untilUs: action.atUs })
      fromUs = null
    }
  }
  if (fromUs !== null && fromUs < durationUs) spans.push({ fromUs, untilUs: durationUs })
  return spans
}

/** Whether it reads from the start to the end. */
export function readsAlways(spans: readonly ReadingSpan[], durationUs: number): boolean {
  const [first, second] = spans
  return first?.fromUs === 0 && first.untilUs === durationUs && second === undefined
}
