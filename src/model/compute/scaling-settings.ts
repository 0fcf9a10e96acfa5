import type { ScheduleExpression } from '../invocation/asynchronous/schedule-expression.ts'

/** What Application Auto Scaling does with provisioned concurrency. */
export interface ProvisionedScalingSettings {
  readonly schedule: readonly ScheduledCapacity[]
  readonly targetTracking: TargetTrackingSettings | null
}

/** A scheduled action: new bounds of the capacity, which itself moves only where it must. */
export interface ScheduledCapacity {
  readonly when: ScheduleExpression | { readonly kind: 'instant'; readonly atUs: number }
  /** null: as before. */
  readonly minimum: number | null
  readonly maximum: number | null
}

export interface TargetTrackingSettings {
  /** Utilisation, 0.1 to 0.9. */
  readonly target: number
  readonly minCapacity: number
  readonly maxCapacity: number
  /** Of each minute's datapoint. */
  readonly statistic: 'Average' | 'Maximum'
}
