/** Keys that event source mappings of queues and of streams share. */
import { formatDuration, MICROSECONDS_PER_SECOND } from '../../../kernel/time.ts'
import type { Alternative } from '../../compiled-scenario.ts'
import type { Fault } from '../../entry.ts'
import { positiveDuration } from '../../units.ts'

const BACK_OFF_BASE_US = MICROSECONDS_PER_SECOND
const ASSUMED = 'not documented by AWS; assumed'

/** `cap` is the default of `backOffCap`. */
export function backOffKeys(cap: string, baseDescription: string) {
  return {
    backOffBase: positiveDuration.optional().meta({
      description: baseDescription,
      defaultText: `${formatDuration(BACK_OFF_BASE_US)}, or backOffCap where that is less`,
      source: ASSUMED,
    }),
    backOffCap: positiveDuration.prefault(cap).meta({
      description: 'The longest such wait.',
      source: ASSUMED,
    }),
  }
}

interface BackOffConfig {
  readonly backOffBase?: number | undefined
  readonly backOffCap: number
}

export function backOffBaseUs({ backOffBase, backOffCap }: BackOffConfig): number {
  return backOffBase ?? Math.min(BACK_OFF_BASE_US, backOffCap)
}

/** `path` leads to what holds the two keys. */
export function backOffFaults(
  { backOffBase, backOffCap }: BackOffConfig,
  path: readonly string[],
): Fault[] {
  if (backOffBase === undefined || backOffBase <= backOffCap) return []
  const message = `backOffBase ${formatDuration(backOffBase)} is above backOffCap (${formatDuration(backOffCap)})`
  return [{ path: [...path, 'backOffBase'], message }]
}

const BACK_OFF_FACTORS = [
  { factor: 0.25, label: 'waits of a quarter' },
  { factor: 4, label: 'waits of four times' },
]

/** Waits are not documented and may as well be shorter or longer; `path` leads to the two keys. */
export function backOffAlternatives(config: BackOffConfig, path: string): readonly Alternative[] {
  const scaled = (durationUs: number, factor: number) =>
    formatDuration(Math.max(1, Math.round(durationUs * factor)))
  return BACK_OFF_FACTORS.map(({ factor, label }) => ({
    label,
    set: {
      [`${path}backOffBase`]: scaled(backOffBaseUs(config), factor),
      [`${path}backOffCap`]: scaled(config.backOffCap, factor),
    },
  }))
}

interface PollerNumbers {
  readonly minimumPollers: number
  readonly maximumPollers: number
}

export function pollerNumberFaults(config: PollerNumbers | undefined): Fault[] {
  if (config === undefined || config.minimumPollers <= config.maximumPollers) return []
  const message = `minimumPollers ${config.minimumPollers} is above maximumPollers (${config.maximumPollers})`
  return [{ path: ['provisionedPollerConfig', 'minimumPollers'], message }]
}
