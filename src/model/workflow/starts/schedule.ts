import {
  Schedule,
  type ScheduleConfig,
  schedule as scheduledFunction,
} from '../../invocation/asynchronous/schedule.ts'
import {
  EVENTBRIDGE_BACK_OFF,
  eventBridgeDeadLetters,
  fifoFaults,
} from '../../messages/delivery-schema.ts'
import type { StartEntry } from './start-entry.ts'

/** The clock of EventBridge Scheduler, with the state machine as its target. */
export const schedule: StartEntry<ScheduleConfig> = {
  kind: scheduledFunction.kind,
  summary: 'An execution is started at a rate, at the times of a cron expression, or once.',
  schema: scheduledFunction.schema,
  references: (config) => eventBridgeDeadLetters(config),
  assumptions: () => [EVENTBRIDGE_BACK_OFF],
  check: ({ config }, _machine, context) => fifoFaults(eventBridgeDeadLetters(config), context),
  metrics: (config) => scheduledFunction.metrics!(config),
  firings: (config, run) => scheduledFunction.firings!(config, run),
  create: (edge, machine, world) => new Schedule(edge, () => machine, world),
}
