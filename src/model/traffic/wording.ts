/** How producers put their numbers into words. */
import { formatDuration } from '../../kernel/time.ts'

/** At most six significant digits, without trailing zeros. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** In the unit in which the number is easiest to read: `20/s`, `12/min`, `0.5/h`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 1 || perSecond === 0) return `${formatNumber(perSecond)}/s`
  if (perSecond * 60 >= 1) return `${formatNumber(perSecond * 60)}/min`
  return `${formatNumber(perSecond * 3_600)}/h`
}

/** One warning when stages last longer than the run. */
export function stagesPastTheEnd(
  stages: readonly { readonly for: number }[] | undefined,
  durationUs: number,
): readonly string[] {
  let endUs = 0
  let lost = 0
  for (const stage of stages ?? []) {
    if (endUs >= durationUs) lost++
    endUs += stage.for
  }
  if (endUs <= durationUs) return []
  const never =
    lost === 0
      ? ''
      : lost === 1
        ? ', and its last stage never begins'
        : `, and its last ${lost} stages never begin`
  return [
    `the stages last ${formatDuration(endUs)}, the run ${formatDuration(durationUs)}: what is later is cut${never}`,
  ]
}
