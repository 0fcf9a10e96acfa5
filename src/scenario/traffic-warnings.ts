import { arrivalProcess } from '../model/traffic/index.ts'
import type { Scenario } from './schema/scenario.ts'

/** What arrival processes warn of. */
export function trafficWarnings(scenario: Scenario): readonly string[] {
  const run = { durationUs: scenario.duration, startsAtMs: scenario.startsAt }
  return Object.entries(scenario.traffic).flatMap(([name, producer]) =>
    arrivalProcess(producer.process)
      .warnings(producer, run)
      .map((warning) => `traffic.${name}: ${warning}`),
  )
}
